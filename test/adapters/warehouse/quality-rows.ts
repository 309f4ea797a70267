import type { DataQualityRow } from '../../../src/stages/validate/validation.ts'

const RULE = {
  role: 'transactions',
  source: 'lines',
  column: null,
  nulls: null,
  distinct: null,
  minimum: null,
  maximum: null,
}
const COLUMN = {
  role: 'transactions',
  source: 'lines',
  rule: null,
  action: null,
  matched: null,
  rejected: null,
  fixed: null,
}

/** A rule of cleansing as `Validation` has it. */
export function ruleQuality(
  found: Pick<DataQualityRow, 'rule' | 'action' | 'rejected' | 'fixed'> & { matched: number },
): DataQualityRow[] {
  return [{ ...RULE, ...found, rowsIn: 100, share: found.matched / 100 }]
}

/** A column of clean rows as `Validation` has it. */
export function columnQuality(
  found: Pick<DataQualityRow, 'column' | 'nulls' | 'distinct' | 'minimum' | 'maximum'>,
): DataQualityRow[] {
  return [{ ...COLUMN, ...found, rowsIn: 98, share: 0 }]
}
