import { expect, it } from 'vitest'
import { ruleTable } from '../../src/report/rule-table.ts'

it('shows whom rules are true of, those that say nothing, overlaps and the gap', () => {
  const lines = ruleTable({
    rules: [
      { key: 'rich', matched: 1200, taken: 1200, undecided: 3, finding: null },
      { key: 'very_rich', matched: 80, taken: 0, undecided: 3, finding: 'dead' },
      { key: 'unicorns', matched: 0, taken: 0, undecided: 0, finding: 'neverTrue' },
    ],
    overlaps: [{ first: 'rich', second: 'very_rich', customers: 80 }],
    gap: 4000,
  })
  expect(lines.map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['Rule', 'True of', 'First of', 'Undecided', 'Finding'],
    ['rich', '1,200', '1,200', '3'],
    ['very_rich', '80', '0', '3', 'rules before it take everybody'],
    ['unicorns', '0', '0', '0', 'true of nobody'],
    ['No rule is true of 4,000 customers.'],
    ['rich and very_rich are both true of 80.'],
  ])
})
