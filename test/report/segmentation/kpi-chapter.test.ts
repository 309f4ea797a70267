import { describe, expect, it } from 'vitest'
import { describeReport } from '../../../src/report/segmentation/describe-report.ts'
import { kpiChapters } from '../../../src/report/segmentation/kpi-chapter.ts'
import { layOutReport } from '../../../src/report/segmentation/lay-out-report.ts'
import { renderReportMarkdown } from '../../../src/report/segmentation/render-report-markdown.ts'
import type { SegmentKpi } from '../../../src/run/segment-kpi.ts'
import { HOSTILE } from '../compared-shop.ts'
import { reportedShop } from './reported-shop.ts'

const PERIODS = ['2026-Q3', '2026-Q2'].map((name) => ({ name, start: '', end: '' }))

/** Of Champions, the others and all customers in both periods. */
const rowsOf = (kpi: SegmentKpi['kpi'], unit: string, isLead: boolean): SegmentKpi[] =>
  PERIODS.flatMap((period, p) =>
    [null, 'shop-1', 'shop-3'].map((segmentKey, i) => ({
      ...{ segmentKey, kpi, period, unit, isLead },
      ...{ value: [0.5, 0.6, 0.3][i]! - p / 10, lower: [0.4, 0.55, 0.2][i]!, upper: [0.6, 0.65, 0.4][i]! },
      ...{ customers: [1_000, 640, 360][i]!, isSuppressed: false },
      difference: segmentKey && [0.3, -0.3][i - 1]!,
      ...{ differenceLower: segmentKey && [0.2, -0.4][i - 1]!, differenceUpper: segmentKey && [0.4, -0.2][i - 1]! },
    })),
  ) as SegmentKpi[]

function chapterOf(kpis: readonly SegmentKpi[], objective: typeof reportedShop.sketch.objective = null) {
  const { validation, sketch } = reportedShop
  const run = { ...reportedShop, validation: { ...validation, kpis }, sketch: { ...sketch, objective } }
  return { chapter: kpiChapters(describeReport(run))[0], markdown: renderReportMarkdown(layOutReport(run)) }
}

describe('what each segment does and brings', () => {
  it('is not there where the data tell nothing of it', () => {
    expect(chapterOf([]).chapter).toBeUndefined()
  })

  it('begins with the figure of the objective, how it stands, and who is best at it', () => {
    const { chapter } = chapterOf([...rowsOf('conversion', 'share', true), ...rowsOf('contactCost', 'EUR', true)], {
      ...{ kpi: 'contactCost', target: 0.2, by: '2027-03-31' },
    })
    expect(chapter!.lead).toMatch(/^The objective is contact cost .*of EUR 0\.2 by 2027-03-31: EUR 0\.5 now\. /i)
    // Less of a cost is better.
    expect(chapter!.parts[0]!.figure!.table.rows.map(([name]) => name!.text)).toEqual([
      HOSTILE,
      'Champions',
      'All customers',
    ])
  })

  it('tells how it went over the periods, oldest first', () => {
    const [, trend] = chapterOf(rowsOf('conversion', 'share', true)).chapter!.parts
    expect(trend!.figure!.title).toBe('Conversion went from 40.0 % in 2026-Q2 to 50.0 % in 2026-Q3, all customers')
    expect(trend!.figure!.chart).toMatchObject({ labels: ['2026-Q2', '2026-Q3'] })
  })

  it('tints what its interval tells from the rest, by what a marketer wants of it', () => {
    const heats = (kpi: SegmentKpi['kpi']) =>
      chapterOf(rowsOf(kpi, 'share', true))
        .chapter!.parts.at(-1)!
        .table!.rows[0]!.slice(2)
        .map(({ heat }) => heat! > 0)
    expect(heats('conversion')).toEqual([true, false])
    expect(heats('contactCost')).toEqual([false, true])
  })

  it('says of a suppressed figure that it is of too few', () => {
    const rows = rowsOf('conversion', 'share', true).map((row) =>
      row.segmentKey === 'shop-3' ? { ...row, value: null, lower: null, upper: null, isSuppressed: true } : row,
    )
    expect(chapterOf(rows).markdown).toContain('too few')
  })
})
