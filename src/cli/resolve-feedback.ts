import type { Environment } from '../config/environment.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { Definition } from '../plan/definition.ts'
import type { WrittenFeedback } from '../plan/feedback.ts'
import type { SegmentRow, WarehouseReader } from '../ports/warehouse-reader.ts'
import type { Feedback, KeptFeedback } from '../run/feedback.ts'
import { idsAsKept } from '../wiring/pseudonyms.ts'

/**
 * What was written of segments by name and of customers by their ids, as it is kept. What is kept already is left out: a table is read again
 * and again, and meanwhile the customer may have moved, and the segment have ended.
 *
 * @throws WrongUsage quoting what is not known
 */
export async function resolveFeedback(
  environment: Environment,
  definition: Definition,
  reader: WarehouseReader,
  written: readonly WrittenFeedback[],
  kept: readonly KeptFeedback[],
): Promise<readonly Feedback[]> {
  const { pipeline } = definition.pipeline
  const segments = await reader.segments(pipeline)
  const found: Feedback[] = []
  for (const one of written) {
    const { note, by: author } = one
    const same = kept.filter((known) => known.note === note && known.author === author)
    if ('segment' in one) {
      const { judgement } = one
      const segmentKey = keyOf(pipeline, segments, one.segment)
      found.push({ segmentKey, judgement, customerId: null, belongsIn: null, note, author })
      continue
    }
    const belongsIn = one.belongsIn === undefined ? null : keyOf(pipeline, segments, one.belongsIn)
    const ids = idsAsKept(environment, [definition], [one.customer])
    if (same.some((known) => known.belongsIn === belongsIn && ids.includes(known.customerId ?? ''))) continue
    const records = await Promise.all(ids.map((id) => reader.customer(pipeline, id)))
    const live = records.find((record) => record?.current)
    if (!live)
      throw new WrongUsage(
        `Customer ${one.customer} is in no segment of ${pipeline} now.`,
        'Write the id as it is in the source. Nothing was kept.',
      )
    const { segmentKey } = live.current!
    if (segmentKey === belongsIn)
      throw new WrongUsage(
        `Customer ${one.customer} is in ${one.belongsIn!} already.`,
        'Leave the entry out. Nothing was kept.',
      )
    found.push({ segmentKey, judgement: 'misplaced', customerId: live.customerId, belongsIn, note, author })
  }
  return found
}

/** @throws WrongUsage */
function keyOf(pipeline: string, segments: readonly SegmentRow[], text: string): string {
  const found = segments.find(({ segmentKey, name }) => segmentKey === text || name === text)
  if (found) return found.segmentKey
  const known = segments.map(({ name }) => `“${name}”`).join(', ') || 'none: nothing is published'
  throw new WrongUsage(
    `Pipeline ${pipeline} has no segment “${text}”; it has ${known}.`,
    'Name one of them. Nothing was kept.',
  )
}
