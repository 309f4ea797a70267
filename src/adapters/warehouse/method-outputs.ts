import { MOST_REASONS } from '../../run/reasons.ts'
import type { ColumnTable } from '../../ports/compute-engine.ts'
import type { ModelOutputs } from '../../stages/cluster/model.ts'
import { codeOf, coded } from './coded-text.ts'
import type { BinaryColumn } from './copy-binary.ts'

const NO_REASON = -1
/** 2000-01-01 UTC, from where Postgres counts. */
const EPOCH_US = 946_684_800_000_000

/** What a method says beside the segment: columns of the rows, as more of a select's list. */
export function selectOutputs({ layers, scores, also }: ModelOutputs, keys: readonly string[]): string {
  const columns = [
    codeOf('layer', layers),
    ...numbers(scores.length).map((n) => `score_${n}`),
    ...numbers(also.length).map((n) => codeOf(`also_${n}`, keys)),
    ...numbers(also.length).map((n) => `CAST(epoch_us(also_since_${n}) - ${EPOCH_US} AS DOUBLE) AS also_since_${n}`),
    ...numbers(MOST_REASONS).map((n) => `coalesce(reason_${n}, ${NO_REASON}) AS reason_${n}`),
    ...numbers(MOST_REASONS).map((n) => `pull_${n}`),
  ]
  return columns.map((column) => `,\n          ${column}`).join('')
}

/** The same as columns of the table: layer, scores, also, also_since, reasons, pulls. */
export function outputColumns(
  { columns }: ColumnTable,
  { layers, scores, also }: ModelOutputs,
  keys: readonly string[],
): readonly BinaryColumn[] {
  const floats = (name: string): Float64Array => columns[name] as Float64Array
  return [
    coded(columns, 'layer', layers),
    { type: 'array', elements: numbers(scores.length).map((n) => ({ type: 'float8', values: floats(`score_${n}`) })) },
    { type: 'array', elements: numbers(also.length).map((n) => coded(columns, `also_${n}`, keys)) },
    {
      type: 'array',
      elements: numbers(also.length).map((n) => ({ type: 'timestamptz', values: floats(`also_since_${n}`) })),
    },
    {
      type: 'array',
      elements: numbers(MOST_REASONS).map((n) => ({
        type: 'int2',
        values: columns[`reason_${n}`] as Int32Array,
        nullAs: NO_REASON,
      })),
    },
    { type: 'array', elements: numbers(MOST_REASONS).map((n) => ({ type: 'float4', values: floats(`pull_${n}`) })) },
  ]
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}
