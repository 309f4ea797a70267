import { OverrideUnknown } from '../../errors/override-unknown.ts'
import type { ModelOutputs } from '../cluster/model.ts'

/** Names what people placed, among the layers of a model. */
export const OVERRIDE_LAYER = 'override'
const SHOWN = 12

/** What a person said of a customer. */
export interface Override {
  readonly customer: string
  /** A word for the segment. */
  readonly segment: string
  readonly reason: string
  readonly author: string
  /** ISO 8601, UTC; null: never. */
  readonly expires: string | null
}

/** A segment of the candidate that customers are in first of all, with every word for it. */
export interface OverrideTarget {
  readonly cluster: number
  readonly segmentKey: string
  readonly ownKey: string | null
  readonly names: readonly string[]
}

export interface ResolvedOverride {
  readonly customer: string
  readonly cluster: number
  readonly reason: string
}

/**
 * Overrides of the pipeline's file that still count, each with the cluster it means.
 *
 * @param asOf ISO 8601, UTC
 * @throws OverrideUnknown for a word that fits no segment of this run, or several
 */
export function resolveOverrides(
  overrides: readonly Override[],
  targets: readonly OverrideTarget[],
  asOf: string,
): { readonly active: readonly ResolvedOverride[]; readonly expired: number } {
  const instant = Date.parse(asOf)
  const current = overrides.filter(({ expires }) => expires === null || Date.parse(expires) > instant)
  const clusters = new Map<string, number>()
  for (const word of new Set(current.map(({ segment }) => segment))) clusters.set(word, clusterOf(word, targets))
  return {
    active: current.map(({ customer, segment, reason }) => ({ customer, cluster: clusters.get(segment)!, reason })),
    expired: overrides.length - current.length,
  }
}

/**
 * What a candidate's rows say once people had their word: a layer more, and their reasons.
 *
 * @param given reasons of people
 */
export function outputsWith(outputs: ModelOutputs, given: readonly string[]): ModelOutputs {
  const reasons = [...new Set(given)].sort()
  return { ...outputs, layers: [...outputs.layers, OVERRIDE_LAYER], reasons: [...outputs.reasons, ...reasons] }
}

/** Segments that a word may mean: by segment key, else by own key, else by name. */
export function findTargets(word: string, targets: readonly OverrideTarget[]): readonly OverrideTarget[] {
  const fits = [
    (target: OverrideTarget) => target.segmentKey === word,
    (target: OverrideTarget) => target.ownKey === word,
    (target: OverrideTarget) => target.names.includes(word),
  ]
  return fits.map((fit) => targets.filter(fit)).find((found) => found.length > 0) ?? []
}

function clusterOf(word: string, targets: readonly OverrideTarget[]): number {
  const found = findTargets(word, targets)
  if (found.length === 1) return found[0]!.cluster
  if (found.length > 1)
    throw new OverrideUnknown(
      `Overrides name segment "${word}", which may be ${found.map(({ segmentKey }) => segmentKey).join(' or ')}.`,
      'Write the segment_key instead; then rerun.',
    )
  const words = targets.map(({ segmentKey, names }) => `${segmentKey}${names[0] === undefined ? '' : ` (${names[0]})`}`)
  const more = words.length > SHOWN ? `, and ${words.length - SHOWN} more` : ''
  throw new OverrideUnknown(
    `Overrides name segment "${word}", which this run does not have; it has ${words.slice(0, SHOWN).join(', ')}${more}.`,
    'Correct the segment of the override or remove it; then rerun.',
  )
}
