import { WrongUsage } from '../errors/wrong-usage.ts'
import type { Outcomes } from './outcomes.ts'

export interface OutcomeRows {
  readonly arm: readonly (string | null)[]
  readonly segment: readonly (string | null)[]
  readonly metrics: readonly {
    readonly name: string
    readonly values: Float64Array
    readonly before: Float64Array | null
  }[]
}

const NO_SEGMENT = '(none)'

/**
 * Names of arms and segments as numbers: the control first, the rest by name.
 *
 * @throws WrongUsage where a row has no arm, there is no control, or nothing to compare it with
 */
export function outcomesOfColumns({ arm, segment, metrics }: OutcomeRows, control: string): Outcomes {
  const found = [...new Set(arm)].sort()
  const unnamed = arm.filter((name) => name === null).length
  if (unnamed > 0)
    throw new WrongUsage(`${unnamed} rows of the outcomes name no arm.`, 'Leave out customers who were in no arm.')
  const named = found as readonly string[]
  if (!named.includes(control))
    throw new WrongUsage(
      `No customer is in arm ${control}; the arms are ${named.join(', ') || 'none'}.`,
      'Say with --control which of them was treated as always.',
    )
  if (named.length < 2)
    throw new WrongUsage(`All customers are in arm ${control}.`, 'An experiment needs an arm to compare it with.')
  const armNames = [control, ...named.filter((name) => name !== control)]
  const segmentNames = [...new Set(segment.map((name) => name ?? NO_SEGMENT))].sort()
  return {
    armNames,
    segmentNames,
    arms: codesOf(arm as readonly string[], armNames),
    segments: codesOf(
      segment.map((name) => name ?? NO_SEGMENT),
      segmentNames,
    ),
    metrics,
  }
}

function codesOf(values: readonly string[], names: readonly string[]): Int32Array {
  const codes = new Map(names.map((name, at) => [name, at]))
  return Int32Array.from(values, (value) => codes.get(value)!)
}
