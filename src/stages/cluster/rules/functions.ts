import type { ValueType } from '../readable-columns.ts'

interface FunctionOfRules {
  readonly fewest: number
  readonly most: number
  /** `same`: all alike, whatever they are. */
  readonly takes: ValueType | 'same'
  readonly gives: ValueType | 'same'
  /** Name in the engine's SQL. None of them fails on any value, and each gives null for null, but for those named below. */
  readonly sql: string
  /** What it is called in criteria. */
  readonly words: string
}

const many = 20

/** What a condition may call. `min` and `max` are of the values that are known; `coalesce` is the first that is known. */
export const functions: Readonly<Record<string, FunctionOfRules>> = {
  min: { fewest: 2, most: many, takes: 'number', gives: 'number', sql: 'least', words: 'the smallest of' },
  max: { fewest: 2, most: many, takes: 'number', gives: 'number', sql: 'greatest', words: 'the largest of' },
  coalesce: { fewest: 2, most: many, takes: 'same', gives: 'same', sql: 'coalesce', words: 'the first known of' },
  abs: { fewest: 1, most: 1, takes: 'number', gives: 'number', sql: 'abs', words: 'the size of' },
  round: { fewest: 1, most: 1, takes: 'number', gives: 'number', sql: 'round', words: 'the rounded' },
  floor: { fewest: 1, most: 1, takes: 'number', gives: 'number', sql: 'floor', words: 'the rounded-down' },
  ceil: { fewest: 1, most: 1, takes: 'number', gives: 'number', sql: 'ceil', words: 'the rounded-up' },
  lower: { fewest: 1, most: 1, takes: 'text', gives: 'text', sql: 'lower', words: 'the lower-case' },
  contains: { fewest: 2, most: 2, takes: 'text', gives: 'boolean', sql: 'contains', words: 'contains' },
  startsWith: { fewest: 2, most: 2, takes: 'text', gives: 'boolean', sql: 'starts_with', words: 'starts with' },
  endsWith: { fewest: 2, most: 2, takes: 'text', gives: 'boolean', sql: 'ends_with', words: 'ends with' },
}
