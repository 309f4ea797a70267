import type { SyncEnd } from '../client/follow-sync.ts'
import { formatCount } from '../run/figures.ts'

/** How a sync ended, for people. Null: it has not. */
export function syncEndLines(destination: string, end: SyncEnd | null): readonly string[] {
  if (end === null) return [`${destination}: goes on by itself.`]
  if (end.how === 'failed') return end.message.split('\n')
  const { state, sent, effects } = end.status
  return state === 'superseded'
    ? [`${destination}: nothing was sent, since a newer run is live or tells what was left.`]
    : [`${destination}: ${formatCount(sent)} of ${formatCount(effects)} customers told.`]
}
