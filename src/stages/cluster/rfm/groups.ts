import { checkNamed } from '../method-problem.ts'
import type { MethodProblem } from '../method-problem.ts'

/** A named group of customers: cells of recency score × frequency and monetary score. */
export interface RfmGroup {
  readonly key: string
  readonly name: string
  /** `R4-5 FM2-3`: recency score 4 or 5, frequency and monetary score 2 or 3. */
  readonly cells: readonly string[]
}

/** A rectangle of cells, ends included, scores from 1. */
export interface CellRange {
  readonly recency: readonly [number, number]
  readonly value: readonly [number, number]
}

/** The usual groups over five scores, drawn without overlap. */
const usual: readonly (readonly [string, string, readonly CellRange[]])[] = [
  ['champions', 'Champions', [{ recency: [5, 5], value: [4, 5] }]],
  ['loyal', 'Loyal', [{ recency: [3, 4], value: [4, 5] }]],
  ['potential_loyalists', 'Potential loyalists', [{ recency: [4, 5], value: [2, 3] }]],
  ['new', 'New', [{ recency: [5, 5], value: [1, 1] }]],
  ['promising', 'Promising', [{ recency: [4, 4], value: [1, 1] }]],
  ['need_attention', 'Need attention', [{ recency: [3, 3], value: [3, 3] }]],
  ['about_to_sleep', 'About to sleep', [{ recency: [3, 3], value: [1, 2] }]],
  ['at_risk', 'At risk', [{ recency: [1, 2], value: [3, 4] }]],
  ['cannot_lose', "Can't lose them", [{ recency: [1, 2], value: [5, 5] }]],
  ['hibernating', 'Hibernating', [{ recency: [2, 2], value: [1, 2] }]],
  ['lost', 'Lost', [{ recency: [1, 1], value: [1, 2] }]],
]
const USUAL_SCORES = 5

/**
 * The usual groups for any number of scores: score s of n stands where ⌈5 s ÷ n⌉ of five does. With fewer than five scores some groups
 * have no cell and are left out.
 */
export function usualGroups(scores: number): readonly RfmGroup[] {
  const range = ([from, to]: readonly [number, number]): readonly [number, number] | null => {
    const meant = Array.from({ length: scores }, (_, index) => index + 1).filter((score) => {
      const of = Math.ceil((USUAL_SCORES * score) / scores)
      return of >= from && of <= to
    })
    return meant.length === 0 ? null : [meant[0]!, meant.at(-1)!]
  }
  return usual.flatMap(([key, name, ranges]) => {
    const cells = ranges.flatMap(({ recency, value }) => {
      const [r, v] = [range(recency), range(value)]
      return r && v ? [cellText({ recency: r, value: v })] : []
    })
    return cells.length === 0 ? [] : [{ key, name, cells }]
  })
}

const CELLS = /^R(\d+)(?:-(\d+))? FM(\d+)(?:-(\d+))?$/
export const CELL_FORM = /^R[1-9]\d?(?:-[1-9]\d?)? FM[1-9]\d?(?:-[1-9]\d?)?$/

export function readCells(text: string): CellRange {
  const [, fromR, toR, fromV, toV] = CELLS.exec(text)!
  return { recency: [Number(fromR), Number(toR ?? fromR)], value: [Number(fromV), Number(toV ?? fromV)] }
}

function cellText({ recency, value }: CellRange): string {
  return `R${rangeText(recency)} FM${rangeText(value)}`
}

function rangeText([from, to]: readonly [number, number]): string {
  return from === to ? `${from}` : `${from}-${to}`
}

/** Group of each cell: index (recency − 1) × scores + (value − 1). The groups cover every cell once, see `findGroupProblems`. */
export function groupOfCells(groups: readonly RfmGroup[], scores: number): Int32Array {
  const cells = new Int32Array(scores * scores).fill(-1)
  groups.forEach((group, index) => {
    for (const cell of cellsOf(group, scores)) cells[cell] = index
  })
  return cells
}

function cellsOf({ cells }: RfmGroup, scores: number): readonly number[] {
  return cells.flatMap((text) => {
    const { recency, value } = readCells(text)
    return span(recency).flatMap((r) => span(value).map((v) => (r - 1) * scores + v - 1))
  })
}

function span([from, to]: readonly [number, number]): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** Keys and names that come twice, cells outside of the scores, in two groups, or in none. */
export function findGroupProblems(groups: readonly RfmGroup[], scores: number): readonly MethodProblem[] {
  const outside = groups.flatMap(({ cells }, index) =>
    cells.flatMap((text, at): readonly MethodProblem[] => {
      const { recency, value } = readCells(text)
      const isSound = [recency, value].every(([from, to]) => from >= 1 && from <= to && to <= scores)
      return isSound
        ? []
        : [{ path: [index, 'cells', at], came: text, wanted: `scores from 1 to ${scores}, the smaller first` }]
    }),
  )
  const repeated = checkNamed(groups.map(({ key, name }, index) => ({ key, name, path: [index] })))
  if (outside.length > 0) return [...outside, ...repeated]
  const owners = new Map<number, number>()
  const shared = groups.flatMap((group, index) => {
    const taken = cellsOf(group, scores).filter((cell) => owners.has(cell))
    for (const cell of cellsOf(group, scores)) if (!owners.has(cell)) owners.set(cell, index)
    return [...new Set(taken)].map((cell): MethodProblem => ({
      path: [index, 'cells'],
      came: `${cellName(cell, scores)}, which ${groups[owners.get(cell)!]!.name} has`,
      wanted: 'every cell in one group',
    }))
  })
  const free = Array.from({ length: scores * scores }, (_, cell) => cell).filter((cell) => !owners.has(cell))
  if (free.length === 0) return [...repeated, ...shared]
  const named = free.slice(0, 6).map((cell) => cellName(cell, scores))
  const came = `no group for ${named.join(', ')}${free.length > named.length ? ` and ${free.length - named.length} more` : ''}`
  return [...repeated, ...shared, { path: [], came, wanted: 'every cell in one group' }]
}

function cellName(cell: number, scores: number): string {
  return `R${Math.floor(cell / scores) + 1} FM${(cell % scores) + 1}`
}
