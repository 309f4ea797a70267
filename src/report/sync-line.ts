import type { SyncRecord } from '../run/activation.ts'
import { formatCount } from '../run/figures.ts'

/** `crm: sent, 1,200 of 1,200 customers told`, with what went wrong. */
export function syncLine({ destination, kind, state, effects, sent, failed, lastError }: SyncRecord): string {
  const told = `${formatCount(sent)} of ${formatCount(effects)} customers told`
  const refused = failed === 0 ? '' : `, ${formatCount(failed)} refused`
  const why = lastError === null ? '' : `; ${lastError}`
  const what = kind === 'full' ? ', everybody' : ''
  return state === 'superseded'
    ? `${destination}: superseded by a newer run`
    : `${destination}${what}: ${state}, ${told}${refused}${why}`
}
