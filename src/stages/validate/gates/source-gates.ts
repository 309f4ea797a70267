import { formatCount, formatShare } from '../../../run/figures.ts'
import { compareSourceRows } from '../source-rows.ts'
import { measureUnseenLevels } from '../unseen-levels.ts'
import { everyRun, type ComparisonGate, type GateFacts, type GateFinding, type QualityGate } from './entry.ts'

const sourceRemedy =
  'Compare with the source itself: was a load missed, or made twice? Repair the source and start the next revision; approve where the business explains it.'

export const rowCount: ComparisonGate = {
  kind: 'comparison',
  unit: 'change',
  runs: everyRun,
  meaning: 'Change of the number of rows after cleansing against the published run: −0.3 is 30 % fewer.',
  formula: 'rows ÷ rows of the published run − 1',
  defaults: { warn: { above: 0.5 }, hold: { below: -0.3 } },
  source:
    'Our convention. Histories grow with every period, young ones by more than they had (Online Retail by 117 % in its second quarter): only rows that are gone hold a run.',
  why: 'Half of the history makes everybody look like a customer who has stopped buying.',
  remedy: sourceRemedy,
  isAbout: ({ published }) => !published.isAdopted,
  measure: ({ cleanRows, published }) => {
    const { runId, cleanRows: before } = published
    if (before === 0)
      return [{ value: null, message: `The published ${runId} had no rows: a change has no share of them.` }]
    const change = cleanRows / before - 1
    const words = change === 0 ? 'as many as' : `${formatShare(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than`
    return [
      {
        value: change,
        message: `${formatCount(cleanRows)} rows after cleansing, ${words} the ${formatCount(before)} of ${runId}.`,
      },
    ]
  },
}

/** Cleansing hides a source that lost half of its rows when they were rejected before. */
export const sourceRowChange: ComparisonGate = {
  ...rowCount,
  defaults: { warn: { above: 0.5 }, hold: { above: 0.9, below: -0.3 } },
  source: 'Our convention: a third of the rows gone is a missed load, nearly twice as many are a load that came twice.',
  meaning:
    'Change of the number of rows read of a source against the published run, before any cleansing; the source with the worst outcome counts, of equals the one that changed most.',
  formula: 'rows read of a source ÷ rows read of it by the published run − 1',
  why: 'A source that came in part makes customers look as if they had changed.',
  measure: ({ sourceRows, published }) => {
    const changes = compareSourceRows(sourceRows, published.sourceRows, published.runId)
    if (changes.length > 0) return changes.map(({ source, ...change }) => ({ subject: source, ...change }))
    return [{ value: null, message: `${published.runId} kept no count of rows of any source that this run reads.` }]
  },
}

export const rejectedShare: QualityGate = {
  kind: 'quality',
  unit: 'share',
  runs: everyRun,
  meaning: 'Share of the rows of a source that cleansing rejected; the worst source counts.',
  formula: 'rejected and unreadable rows ÷ rows of the source, each row once',
  defaults: { warn: { above: 0.3 }, hold: { above: 0.45 } },
  source:
    'Our measurement: the public data set Online Retail, whose fifth to fourth row names no customer, loses 27 %. A source that was loaded twice loses half to the rule `duplicates`.',
  why: 'What is left after so much was thrown away may be a biased part of the customers.',
  remedy:
    'See view data_quality, or `resegment describe RUN`, for the rule that rejects most. Repair the source, or the rule where it asks too much; `maxShare` on a rule fails a run much earlier.',
  isAbout: ({ dataQuality }) => rejectedShares(dataQuality).length > 0,
  measure: ({ dataQuality }) => rejectedShares(dataQuality),
}

interface SourceRejects {
  readonly source: string
  readonly role: string
  readonly rejected: number
  /** Rows; of the rule about unreadable records, which are more, those too. */
  readonly records: number
}

/** Those of people's own lists, of which most rows may be out of date, aside. */
function rejectedShares(quality: GateFacts['dataQuality']): readonly GateFinding[] {
  const found = new Map<string, SourceRejects>()
  for (const { role, source, rule, rejected, rowsIn } of quality) {
    if (rule === null || role === 'overrides') continue
    const before = found.get(`${role} ${source}`) ?? { role, source, rejected: 0, records: 0 }
    found.set(`${role} ${source}`, {
      ...before,
      rejected: before.rejected + (rejected ?? 0),
      records: Math.max(before.records, rowsIn),
    })
  }
  return [...found.values()]
    .filter(({ records }) => records > 0)
    .map(({ role, source, rejected, records }) => ({
      subject: `${source} (${role})`,
      value: rejected / records,
      message: `Cleansing rejected ${formatCount(rejected)} of ${formatCount(records)} rows of source ${source} as ${role} (${formatShare(rejected / records)}).`,
    }))
    .sort((a, b) => b.value - a.value || (a.subject < b.subject ? -1 : 1))
}

export const completeness: ComparisonGate = {
  kind: 'comparison',
  unit: 'change',
  runs: everyRun,
  meaning:
    'Change of the share of customers of whom a feature is known, in points, against the published run; the feature that lost most counts: −0.2 is 70 % instead of 90 %.',
  formula: 'share of customers with a value − the same in the published run; the smallest of the features',
  defaults: { warn: { below: -0.05 }, hold: { below: -0.2 } },
  source:
    'Our convention. It compares instead of asking for a share: a gap between orders is unknown of everybody who bought once, and that is no fault.',
  why: 'A feature that lost its values is filled in by a rule, and customers move for want of data.',
  remedy:
    'See `resegment profile RUN` for the feature, and view data_quality for the nulls of its columns. Repair the source and start the next revision.',
  isAbout: ({ published, completeness: now }) =>
    published.completeness !== null && Object.keys(now).some((feature) => feature in published.completeness!),
  measure: ({ customers, completeness: now, published }) =>
    Object.entries(now)
      .flatMap(([feature, share]) => {
        const before = published.completeness![feature]
        if (before === undefined) return []
        return [
          {
            subject: feature,
            value: share - before,
            message: `${feature} is known of ${formatShare(share)} of the customers, of ${formatShare(before)} in ${published.runId}.`,
            customers: Math.round((1 - share) * customers),
          },
        ]
      })
      .sort((a, b) => a.value - b.value || (a.subject < b.subject ? -1 : 1)),
}

export const newLevels: ComparisonGate = {
  kind: 'comparison',
  unit: 'share',
  runs: everyRun,
  meaning:
    'Share of customers with a level of a category that the published model did not know, such as a new country.',
  formula: 'customers with an unknown level in at least one category ÷ all customers',
  defaults: { warn: { above: 0.01 }, hold: { above: 0.1 }, whenNotComputable: 'warn' },
  source: 'Our convention: one in a hundred may be noise, one in ten is a new market or a renamed channel.',
  why: 'A renamed level looks like new customers of a new kind; a new market has not been in any fit.',
  remedy:
    'See which levels the message names. Map renamed ones back in `columns` of the source; approve where they are really new.',
  measure: ({ newLevels: unseen, customers, published }) => {
    const { value, message } = measureUnseenLevels(unseen, customers, published.runId)
    return [{ value, message, customers: unseen.customers }]
  },
}
