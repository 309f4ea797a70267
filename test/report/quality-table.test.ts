import { describe, expect, it } from 'vitest'
import { qualityTable } from '../../src/report/quality-table.ts'

const none = { column: null, nulls: null, distinct: null, minimum: null, maximum: null }
const found = (rule: string, matched: number, previousShare: number | null) => ({
  ...none,
  ...{ role: 'transactions', source: 'lines', rule, action: 'drop', matched, rejected: matched, fixed: 0 },
  ...{ rowsIn: 1000, share: matched / 1000, previousShare },
})

describe('the table of cleansing rules', () => {
  it('begins with the rule that matched most rows, and leaves out those that matched none', () => {
    const lines = qualityTable([found('types', 0, 0), found('duplicates', 5, null), found('required', 120, 0.1)])
    expect(lines.map((line) => line.trim().split(/\s{2,}/))).toMatchObject([
      ['Cleansing rule', 'Source', 'Matched', 'Share', 'Before', 'Rejected', 'Fixed'],
      ['required', 'lines', '120', '12.0 %', '10.0 %', '120', '0'],
      ['duplicates', 'lines', '5', '0.5 %', '–', '5', '0'],
    ])
  })

  it('is empty when no rule matched', () => {
    expect(qualityTable([found('types', 0, null)])).toEqual([])
  })
})
