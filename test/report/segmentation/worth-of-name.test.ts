import { describe, expect, it } from 'vitest'
import type { Report, Trait } from '../../../src/report/segmentation/report.ts'
import { checkName, nameChapters } from '../../../src/report/segmentation/worth-of-name.ts'
import type { SegmentKpi } from '../../../src/run/segment-kpi.ts'

const trait = (effect: number): Trait => ({
  ...{ feature: 'monetary', meaning: '', aspect: 'worth', unit: 'EUR', mean: 1, median: 1, ofAll: 1, effect },
})
const kpi = (differenceLower: number, differenceUpper: number): SegmentKpi =>
  ({ segmentKey: 'shop-1', period: { name: '2026-Q3' }, differenceLower, differenceUpper }) as SegmentKpi

describe('whether a segment deserves the name', () => {
  const metOf = (
    segment: { share: number; stability: number | null; traits: readonly Trait[] },
    figures: { known: number; readsConsent: boolean; kpis: readonly SegmentKpi[] },
  ) =>
    Object.fromEntries(
      checkName({ segmentKey: 'shop-1', ...segment }, figures).checks.map((one) => [one.criterion, one.met]),
    )

  it('is said at the borders of each criterion', () => {
    expect(
      metOf(
        { share: 0.05, stability: 0.75, traits: [trait(-0.8)] },
        { known: 0.8, readsConsent: true, kpis: [kpi(-1, 1), kpi(0.1, 1)] },
      ),
    ).toEqual({ measurable: true, substantial: true, distinct: true, stable: true, reachable: true, actionable: true })
    expect(
      metOf(
        { share: 0.049, stability: 0.749, traits: [trait(0.79)] },
        { known: 0.79, readsConsent: false, kpis: [kpi(-1, 1)] },
      ),
    ).toEqual({
      measurable: false,
      substantial: false,
      distinct: false,
      stable: false,
      reachable: null,
      actionable: false,
    })
  })

  it('is summed up with every criterion that a segment misses', () => {
    const miss = (...missed: readonly string[]) => missed.map((criterion) => ({ criterion, met: false, text: '' }))
    const told = {
      segments: [
        { segmentKey: 'a', name: 'A' },
        { segmentKey: 'b', name: 'B' },
      ],
      nameChecks: [
        { segmentKey: 'a', checks: miss('distinct') },
        { segmentKey: 'b', checks: miss('distinct', 'stable') },
      ],
    } as unknown as Report
    expect(nameChapters(told)[0]!.lead).toBe('“A” is not distinct; “B” is neither distinct nor stable.')
  })

  it('is not known where nothing says', () => {
    expect(metOf({ share: 1, stability: null, traits: [] }, { known: 1, readsConsent: false, kpis: [] })).toMatchObject(
      {
        ...{ distinct: null, stable: null, reachable: null, actionable: null },
      },
    )
  })
})
