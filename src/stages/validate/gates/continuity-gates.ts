import { formatCount, formatShare } from '../../../run/figures.ts'
import { anyMove } from './comparison-gates.ts'
import { everyRun, type ComparisonGate } from './entry.ts'

export const coverage: ComparisonGate = {
  kind: 'comparison',
  unit: 'share',
  runs: everyRun,
  meaning:
    'Share of the customers who are live that this run gives a segment. Whoever it knows it places somewhere, those far from all segments (outlierShare) and those whom no rule names among them.',
  formula: 'panel customers ÷ customers who are live',
  defaults: { warn: { below: 0.8 }, hold: { below: 0.6 } },
  source:
    'Our convention. Customers leave as their purchases leave the windows, in shops by 5 to 15 % a quarter; half of them are gone where half of a source is.',
  why: 'Whoever loses the segment drops out of every campaign and report that reads it.',
  remedy:
    '`resegment moves RUN --to none` lists who is gone. Look for them in the sources: a missing country, a filter, an exclusion list. Repair the source and start the next revision.',
  measure: ({ panel, published }) => {
    const live = Object.values(published.customers).reduce((sum, customers) => sum + customers, 0)
    if (live === 0) return [{ value: null, message: `Nobody is in ${published.runId}.` }]
    return [
      {
        value: panel / live,
        message: `${formatCount(panel)} of the ${formatCount(live)} customers of ${published.runId} (${formatShare(panel / live)}) have a segment in this run.`,
        customers: live - panel,
        list: `${anyMove} --to none`,
      },
    ]
  },
}

export const structuralChange: ComparisonGate = {
  kind: 'comparison',
  unit: 'share',
  runs: ['fitted'],
  meaning:
    'Share of the segments, live and new ones, that do not simply go on: that split, merged, vanished or appeared.',
  formula:
    '(live segments that split, merged, were absorbed or disappeared + segments that appeared or came back) ÷ (live segments + those that appeared or came back)',
  defaults: { warn: { above: 0.25 }, hold: { above: 0.6 } },
  source: 'Transitions after MONIC (Spiliopoulou et al. 2006); the thresholds are our convention.',
  why: 'Names, owners and treatments stick to segments that go on. Where most do not, it is a new segmentation, and people have to learn it.',
  remedy:
    '`resegment describe RUN` says what became of each segment. `resegment use-live-model RUN` keeps the live ones; approve when the new ones are wanted.',
  measure: ({ lineage, published, segments }) => {
    const live = new Set(Object.keys(published.customers))
    const now = new Set(segments.map(({ segmentKey }) => segmentKey))
    const keys = (kinds: readonly string[], side: 'fromSegmentKey' | 'toSegmentKey', among: ReadonlySet<string>) =>
      new Set(
        lineage.flatMap((edge) => (kinds.includes(edge.kind) && among.has(edge[side] ?? '') ? [edge[side]!] : [])),
      )
    const changed = keys(['split', 'merged', 'absorbed', 'disappeared'], 'fromSegmentKey', live).size
    const parts = keys(['split', 'merged'], 'toSegmentKey', now)
    const appeared = [...keys(['appeared', 'returned'], 'toSegmentKey', now)].filter((key) => !parts.has(key)).length
    const value = (changed + appeared) / (live.size + appeared)
    return [
      {
        value,
        message: `${formatCount(changed)} of the ${formatCount(live.size)} segments of ${published.runId} split, merged or vanished, and ${formatCount(appeared)} appeared.`,
        list: anyMove,
      },
    ]
  },
}
