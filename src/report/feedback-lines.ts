import { formatCount } from '../run/figures.ts'
import type { KeptFeedback } from '../run/feedback.ts'
import { textTable } from './text-table.ts'

type Named = (segmentKey: string) => string

/** Feedback on a screen, without customers. */
export function feedbackLines(feedback: readonly KeptFeedback[], nameOf: Named): readonly string[] {
  if (feedback.length === 0) return ['Nobody has said anything yet: resegment feedback add']
  const ofSegments = feedback.filter(({ judgement }) => judgement !== 'misplaced')
  const misplaced = misplacedTexts(feedback, nameOf)
  return [
    ...(ofSegments.length > 0
      ? textTable(
          [{ title: 'Said' }, { title: 'Segment' }, { title: 'Judgement' }, { title: 'By' }, { title: 'Note' }],
          ofSegments.map((one) => [
            one.givenAt.slice(0, 10),
            nameOf(one.segmentKey),
            one.judgement,
            one.author,
            one.note,
          ]),
        )
      : []),
    ...(misplaced.length > 0 ? ['', ...misplaced, 'As overrides, with their ids: --ids'] : []),
  ]
}

/** How many customers belong elsewhere, by where they are and where they belong. */
export function misplacedTexts(feedback: readonly KeptFeedback[], nameOf: Named): readonly string[] {
  const misplaced = latestOf(feedback)
  const groups = Map.groupBy(misplaced, ({ segmentKey, belongsIn }) => JSON.stringify([segmentKey, belongsIn]))
  return [...groups.values()].map((same) => {
    const { segmentKey, belongsIn } = same[0]!
    const who = same.length === 1 ? '1 customer' : `${formatCount(same.length)} customers`
    const verb = same.length === 1 ? 'belongs' : 'belong'
    const where = belongsIn === null ? 'elsewhere; nobody says where' : `in “${nameOf(belongsIn)}”`
    return `${who} of “${nameOf(segmentKey)}” ${verb} ${where}.`
  })
}

/** As `overrides` of a pipeline file: with ids, for whoever asks for them. Those of whom nobody says where they belong are left out. */
export function proposedOverrides(feedback: readonly KeptFeedback[]): readonly string[] {
  const entries = latestOf(feedback).filter(({ belongsIn }) => belongsIn !== null)
  if (entries.length === 0) return ['# Nobody says of a customer where he or she belongs.']
  return [
    'overrides:',
    ...entries.map(({ customerId, belongsIn, note, author }) => {
      const values = { customer: customerId!, segment: belongsIn!, reason: note || 'Misplaced.', author }
      // JSON of a text is YAML.
      const written = Object.entries(values).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      return `  - { ${written.join(', ')} }`
    }),
  ]
}

/** What was said last of each customer. */
export function latestOf(feedback: readonly KeptFeedback[]): readonly KeptFeedback[] {
  const latest = new Map<string, KeptFeedback>()
  for (const one of feedback) if (one.customerId !== null) latest.set(one.customerId, one)
  return [...latest.values()]
}
