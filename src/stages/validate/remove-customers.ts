import { readParquet } from '../../sql/sql-text.ts'
import { countMoved, readTransition } from './transitions.ts'
import type { Transition, Validation } from './validation.ts'

/** Table of the session: customers who are taken out of a candidate. */
export const REMOVED = 'removed_customer'

const IS_REMOVED = `customer_id IN (SELECT customer_id FROM ${REMOVED})`

/** Everybody whom a candidate speaks of. */
export function selectCandidateIds({ rowFiles, lostFiles }: CandidateFiles): string {
  return [rowFiles, lostFiles]
    .flatMap((files) => (files.length === 0 ? [] : [`SELECT customer_id FROM ${readParquet(files)}`]))
    .join(' UNION ALL ')
}

export interface CandidateFiles {
  readonly rowFiles: readonly string[]
  readonly lostFiles: readonly string[]
}

/** The rows of a file that are left. */
export function selectLeft(file: string): string {
  return `SELECT * FROM ${readParquet([file])} WHERE NOT ${IS_REMOVED}`
}

/** How those who are removed had moved. */
export function countRemoved(files: CandidateFiles): string {
  return countMoves(files, ` WHERE ${IS_REMOVED}`)
}

/** How those moved whose rows are there, which those of erased customers are not. */
export function countPresent(files: CandidateFiles): string {
  return countMoves(files, '')
}

function countMoves({ rowFiles, lostFiles }: CandidateFiles, where: string): string {
  const ofRows = 'SELECT previous_segment_key AS from_segment_key, segment_key AS to_segment_key, move_reason'
  const counted = [
    ...(rowFiles.length === 0 ? [] : [`${ofRows} FROM ${readParquet(rowFiles)}${where}`]),
    ...(lostFiles.length === 0
      ? []
      : [`SELECT previous_segment_key, NULL, 'lost' FROM ${readParquet(lostFiles)}${where}`]),
  ]
  return `SELECT from_segment_key, to_segment_key, move_reason, count(*) AS customers FROM (${counted.join(' UNION ALL ')}) GROUP BY ALL`
}

/** Which further memberships those have whose rows are there. */
export function countPresentFurther(rowFiles: readonly string[], layers: number): string | undefined {
  return layers === 0 || rowFiles.length === 0 ? undefined : countFurther(rowFiles, layers, '')
}

/** Which further memberships those had who are removed. @param layers how many columns there are of them */
export function countRemovedFurther(rowFiles: readonly string[], layers: number): string | undefined {
  return layers === 0 || rowFiles.length === 0 ? undefined : countFurther(rowFiles, layers, ` WHERE ${IS_REMOVED}`)
}

function countFurther(rowFiles: readonly string[], layers: number, condition: string): string {
  const selects = Array.from(
    { length: layers },
    (_, i) => `SELECT also_${i + 1} AS segment_key FROM ${readParquet(rowFiles)}${condition}`,
  )
  return `SELECT segment_key, count(*) AS customers FROM (${selects.join(' UNION ALL ')}) WHERE segment_key IS NOT NULL GROUP BY segment_key`
}

type Rows = readonly Readonly<Record<string, unknown>>[]

/**
 * The figures of a validation whose files were written again without customers who were erased: what was counted and is not there is theirs.
 *
 * @param present rows of `countPresent`
 * @param further rows of `countPresentFurther`; undefined: nobody has further memberships
 */
export function removeErased(validation: Validation, present: Rows, further: Rows | undefined): Validation {
  const found = new Map(present.map((row) => [nameOf(readTransition(row)), Number(row.customers)]))
  const gone = validation.transitions.map((transition) => ({
    from_segment_key: transition.fromSegmentKey,
    to_segment_key: transition.toSegmentKey,
    move_reason: transition.moveReason,
    customers: Math.max(0, transition.customers - (found.get(nameOf(transition)) ?? 0)),
  }))
  const furtherGone = (further ? validation.segments : [])
    .filter(({ level }) => level > 0)
    .map(({ segmentKey, customers }) => ({
      segment_key: segmentKey,
      customers: customers - Number(further!.find((row) => row.segment_key === segmentKey)?.customers ?? 0),
    }))
  return removeCustomers(validation, gone, furtherGone)
}

/** The figures of a validation without the customers who are removed. @param further rows of `countRemovedFurther` */
export function removeCustomers(validation: Validation, removed: Rows, further: Rows): Validation {
  const gone = removed.map(readTransition)
  const goneBy = new Map(gone.map((transition) => [nameOf(transition), transition.customers]))
  const transitions = validation.transitions
    .map((transition): Transition => ({
      ...transition,
      customers: transition.customers - (goneBy.get(nameOf(transition)) ?? 0),
    }))
    .filter(({ customers }) => customers > 0)
  const ofSegment = (key: string, level: number): number =>
    level === 0
      ? sum(gone.filter(({ toSegmentKey }) => toSegmentKey === key))
      : Number(further.find(({ segment_key }) => segment_key === key)?.customers ?? 0)
  const customers = validation.customers - sum(gone.filter(({ toSegmentKey }) => toSegmentKey !== null))
  return {
    ...validation,
    customers,
    segments: validation.segments.map((segment) => {
      const left = segment.customers - ofSegment(segment.segmentKey, segment.level)
      return { ...segment, customers: left, share: customers === 0 ? 0 : left / customers }
    }),
    transitions,
    panel:
      validation.panel -
      sum(gone.filter(({ fromSegmentKey, toSegmentKey }) => fromSegmentKey !== null && toSegmentKey !== null)),
    moved: validation.moved === null ? null : countMoved(transitions),
  }
}

function nameOf({ fromSegmentKey, toSegmentKey, moveReason }: Transition): string {
  return JSON.stringify([fromSegmentKey, toSegmentKey, moveReason])
}

function sum(transitions: readonly Transition[]): number {
  return transitions.reduce((total, { customers }) => total + customers, 0)
}
