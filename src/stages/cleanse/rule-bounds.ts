import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { CleanseRule } from './config.ts'

/** Between which values an outliers rule leaves a column alone, as exact decimals. Null: no bound on that side. */
export interface Bounds {
  readonly lower: string | null
  readonly upper: string | null
}

/** A value is outside when `value <operator> bound`. */
export interface Side {
  readonly operator: '<' | '<=' | '>' | '>='
  readonly bound: string | number | null
  /** `is not above`, before the bound. */
  readonly text: string
}

/** @throws ConfigInvalid when there is no bound, or `fix` has none to set values to */
export function rangeSides(name: string, rule: CleanseRule & { rule: 'range' }): readonly Side[] {
  const sides: readonly Side[] = [
    { operator: '<=', bound: rule.above ?? null, text: 'is not above' },
    { operator: '<', bound: rule.atLeast ?? null, text: 'is less than' },
    { operator: '>=', bound: rule.below ?? null, text: 'is not below' },
    { operator: '>', bound: rule.atMost ?? null, text: 'is more than' },
  ]
  if (sides.every(({ bound }) => bound === null))
    throw new ConfigInvalid(
      `Cleansing rule ${name} has no bound, so it would match nothing.`,
      'Give it one or more of above, atLeast, below, atMost.',
    )
  if (rule.do === 'fix' && (rule.above !== undefined || rule.below !== undefined))
    throw new ConfigInvalid(
      `Cleansing rule ${name} is to set values to a bound that they may not have.`,
      'With do: fix, write atLeast and atMost instead of above and below.',
    )
  return sides
}

/** @throws Error when nobody computed the rule's bounds: a fault of the caller */
export function boundsOf(bounds: Readonly<Record<string, Bounds>>, name: string): Bounds {
  const found = bounds[name]
  if (!found) throw new Error(`The bounds of cleansing rule ${name} were not computed.`)
  return found
}
