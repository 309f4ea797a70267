import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { SourceContradicts } from '../../errors/source-contradicts.ts'
import { SourceEmpty } from '../../errors/source-empty.ts'
import { MOST_REASONS } from '../../run/reasons.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { ModelOutputs } from '../cluster/model.ts'
import { CUSTOMER_BUCKET } from './sql.ts'
import { compileFirstHoldout, type Holdout } from './holdout-sql.ts'
import type { CandidateSegment, Validation } from './validation.ts'

/** What placed the customers of segments that were made elsewhere. */
const ADOPTED_LAYER = 'adopted'
/** More than people tell apart: somebody took a column of ids for the segments. */
const MOST_SEGMENTS = 1_000

const outputs: ModelOutputs = { layers: [ADOPTED_LAYER], scores: [], also: [], reasons: [] }

export interface AdoptedColumns {
  readonly customer: string
  readonly segment: string
}

/** Table `adopted`(customer_id VARCHAR, segment VARCHAR): rows as they came, blanks around texts removed. */
export function compileAdopted(relation: string, { customer, segment }: AdoptedColumns): string {
  const text = (column: string): string => `nullif(trim(CAST(${quoteName(column)} AS VARCHAR)), '')`
  return `CREATE TABLE adopted AS SELECT ${text(customer)} AS customer_id, ${text(segment)} AS segment FROM ${relation}`
}

export const COUNT_ADOPTED = `
SELECT count(*) AS rows_read, count(*) FILTER (WHERE customer_id IS NULL) AS without_customer,
  count(*) FILTER (WHERE customer_id IS NOT NULL AND segment IS NULL) AS without_segment,
  (SELECT count(*) FROM (SELECT customer_id FROM adopted WHERE customer_id IS NOT NULL AND segment IS NOT NULL
    GROUP BY customer_id HAVING count(DISTINCT segment) > 1)) AS in_several
FROM adopted`

/** Customers of each segment: the largest first, of equals by name. */
export const COUNT_ADOPTED_SEGMENTS = `
SELECT segment, count(DISTINCT customer_id) AS customers
FROM adopted
WHERE customer_id IS NOT NULL AND segment IS NOT NULL
GROUP BY segment
ORDER BY customers DESC, segment`

export interface AdoptedSegments {
  /** Those that customers are published in. */
  readonly segments: readonly CandidateSegment[]
  readonly customers: number
  /** Rows of customers in no segment: they are not published. */
  readonly withoutSegment: number
}

/** How adopted segments get keys, and which of them last by definition. */
export interface AdoptedNaming {
  readonly pipeline: string
  /** True: the pipeline's own segments have keys by definition (rules, tiers), and those of the same name are the same. */
  readonly byName: boolean
}

/**
 * Refuses what can't become a publication, and gives every segment its key: its own where all look like `<pipeline>-<n>`, else
 * `<pipeline>-1` for the largest and so on.
 *
 * @param counts the row of `COUNT_ADOPTED`
 * @param segmentRows those of `COUNT_ADOPTED_SEGMENTS`
 * @throws SourceEmpty, SourceContradicts
 */
export function readAdopted(
  counts: Readonly<Record<string, unknown>>,
  segmentRows: readonly Readonly<Record<string, unknown>>[],
  { pipeline, byName }: AdoptedNaming,
): AdoptedSegments {
  const figure = (name: string): number => Number(counts[name])
  if (segmentRows.length === 0)
    throw new SourceEmpty(
      `None of the ${figure('rows_read')} rows has a customer and a segment.`,
      'Name the columns with --customer and --segment.',
    )
  if (figure('without_customer') > 0)
    throw new SourceContradicts(
      `${figure('without_customer')} of ${figure('rows_read')} rows have no customer.`,
      'Leave them out of the table, or name the column of the ids with --customer.',
    )
  if (figure('in_several') > 0)
    throw new SourceContradicts(
      `${figure('in_several')} customers are in more than one segment.`,
      'A customer has one segment: leave the others out, for example with a view of the newest row of each customer.',
    )
  if (segmentRows.length > MOST_SEGMENTS)
    throw new SourceContradicts(
      `There are ${segmentRows.length} segments, more than ${MOST_SEGMENTS}.`,
      'Name the column of the segments with --segment.',
    )
  const names = segmentRows.map((row) => String(row.segment))
  const haveKeys = names.every(
    (name) => name.startsWith(`${pipeline}-`) && /^[1-9]\d*$/.test(name.slice(pipeline.length + 1)),
  )
  const customers = segmentRows.reduce((sum, row) => sum + Number(row.customers), 0)
  const segments = segmentRows.map((row, i): CandidateSegment => {
    const name = names[i]!
    return {
      cluster: i,
      segmentKey: haveKeys ? name : `${pipeline}-${i + 1}`,
      name,
      customers: Number(row.customers),
      share: Number(row.customers) / customers,
      description: `Adopted as it was: ${name}.`,
      criteria: '',
      rule: null,
      stability: null,
      status: 'active',
      ownKey: byName && !haveKeys ? name : null,
      level: 0,
      parentSegmentKey: null,
      layer: null,
      owner: null,
      isNew: true,
    }
  })
  return { segments, customers, withoutSegment: figure('without_segment') }
}

/**
 * The rows of the publication, as `Validation` lists them. Needs tables adopted and adopted_keys(segment, segment_key).
 *
 * @param holdout for the first time: nobody is held out yet
 */
export function compileAdoptedRows(holdout: Holdout): string {
  const reasons = Array.from({ length: MOST_REASONS }, (_, i) => `CAST(NULL AS INTEGER) AS reason_${i + 1}`)
  const pulls = Array.from({ length: MOST_REASONS }, (_, i) => `CAST(NULL AS DOUBLE) AS pull_${i + 1}`)
  return `
SELECT ${CUSTOMER_BUCKET} AS bucket, customer_id, segment_key, CAST(NULL AS DOUBLE) AS confidence,
  CAST(NULL AS DOUBLE) AS distance, CAST(NULL AS VARCHAR) AS next_segment_key, false AS is_outlier,
  is_holdout, CAST(NULL AS VARCHAR) AS previous_segment_key,
  'new' AS move_reason, ${quoteText(ADOPTED_LAYER)} AS layer, ${[...reasons, ...pulls].join(', ')}
FROM (${compileFirstHoldout(holdout, ADOPTED_PLACES)})`
}

const ADOPTED_PLACES = `
SELECT DISTINCT a.customer_id, k.segment_key
FROM adopted AS a
JOIN adopted_keys AS k ON k.segment = a.segment`

/** What is published of adopted segments: nothing was measured, and nothing compared. */
export function toAdoptedValidation({ segments, customers }: AdoptedSegments, rowCount: number): Validation {
  if (rowCount !== customers)
    throw new CountsDoNotReconcile(
      `The segments have ${customers} customers, and ${rowCount} rows were written.`,
      'Nothing was published. Try again; if it happens again, report it.',
    )
  return {
    verdict: 'pass',
    checks: [],
    segments,
    retiredKeys: [],
    transitions: segments.map(({ segmentKey, customers: count }) => ({
      fromSegmentKey: null,
      toSegmentKey: segmentKey,
      moveReason: 'new',
      customers: count,
    })),
    lineage: segments.map(({ segmentKey }) => ({
      fromSegmentKey: null,
      toSegmentKey: segmentKey,
      kind: 'appeared',
      overlap: 0,
      parentShare: null,
      childShare: null,
    })),
    profiles: [],
    kpis: [],
    campaigns: [],
    playbook: [],
    dataQuality: [],
    modelSelection: [],
    evidence: null,
    ruleFidelity: null,
    outputs,
    customers,
    panel: 0,
    moved: null,
    comparedWith: null,
    cleanRows: 0,
    comparison: [],
    remarks: [],
    canUseLiveModel: false,
    model: null,
  }
}
