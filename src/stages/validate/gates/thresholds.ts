import { z } from 'zod'
import type { GateEffect } from '../../../run/verdict.ts'

const side = z
  .strictObject({
    above: z.number().optional().describe('Outcome when the value is above this.'),
    below: z.number().optional().describe('Outcome when the value is below this.'),
  })
  .refine(({ above, below }) => above !== undefined || below !== undefined, {
    message: 'A threshold says its side: above, below, or both.',
  })
  .describe('A threshold with its side, or one for each side.')

export const levels = {
  warn: side.optional().describe('Publish, with a warning.'),
  hold: side.optional().describe('Wait for a person.'),
  fail: side.optional().describe('Fail the run.'),
}

/** From worst to best. */
export const levelNames = ['fail', 'hold', 'warn'] as const satisfies readonly GateEffect[]

/** What a run does when a gate could not be computed. */
export const notComputable = z.enum(['pass', 'warn', 'hold', 'fail'])
export type NotComputable = z.infer<typeof notComputable>

export const gateLevels = z.strictObject(levels).describe('Thresholds of one segment.')
export type GateLevels = z.infer<typeof gateLevels>

/** Thresholds of a gate with all that any gate may have beside them; which of it a gate takes, its entry says. */
export interface GateThresholds extends GateLevels {
  readonly whenNotComputable?: NotComputable | undefined
  /** Segment key → thresholds that replace those of the gate for this segment. */
  readonly segments?: Readonly<Record<string, GateLevels>> | undefined
  /** Changes of fewer customers do not count. */
  readonly customers?: number | undefined
}

type Side = NonNullable<GateLevels['warn']>

/** The threshold that a value crosses, as text; null: it lies within. A threshold that is only reached is not crossed. */
export function crossedSide(value: number, { above, below }: Side): string | null {
  if (above !== undefined && value > above) return `above ${above}`
  if (below !== undefined && value < below) return `below ${below}`
  return null
}

/** `above 12 or below 3` */
export function sideText({ above, below }: Side): string {
  const texts = [above === undefined ? null : `above ${above}`, below === undefined ? null : `below ${below}`]
  return texts.filter((text) => text !== null).join(' or ')
}

/** `warn above 0.2, hold above 0.35`; without any: `no threshold`. */
export function levelsText(gate: GateLevels): string {
  const texts = (['warn', 'hold', 'fail'] as const).flatMap((level) =>
    gate[level] ? [`${level} ${sideText(gate[level])}`] : [],
  )
  return texts.join(', ') || 'no threshold'
}

/** The worst that crossing a threshold can lead to. */
export function worstLevel(gate: GateLevels): GateEffect {
  return levelNames.find((level) => gate[level] !== undefined) ?? 'pass'
}
