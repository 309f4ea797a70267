import { isFew, SMALLEST_CELL } from '../../run/moves.ts'
import type { PathStep, SegmentPath, SegmentPaths } from '../../run/segment-paths.ts'
import { withheldWays } from '../comparison/withhold.ts'

const SHOWN_PATHS = 12

/** Paths as a page may show them: nothing tells of fewer than five customers. */
export interface ReportedPaths extends Omit<SegmentPaths, 'throughout' | 'stayed'> {
  /** Null: it would tell of a few. */
  readonly throughout: number | null
  readonly stayed: number | null
  /** Of `paths` the first, where that is the most common of all; null: that one is not shown. */
  readonly mostCommon: SegmentPath | null
  /** Customers of all paths that are not named: none, or five or more. */
  readonly others: number
  /** Of the segments at each publication, also where no step from or to them is shown. */
  readonly sizes: readonly SegmentSize[]
}

/** Five customers or more. */
export interface SegmentSize {
  /** Position of the publication, from 0. */
  readonly position: number
  readonly segmentKey: string
  readonly customers: number
}

/** What is known of customers who have something in common, whichever way they went. */
interface Margin {
  readonly customers: number
  has(path: SegmentPath): boolean
}

/**
 * Leaves out what points at a few. Steps from one publication to the next are hidden like moves of a run, and paths with them. Of the other paths
 * those of fewer than five are put together, and beside them the smallest of those that share a shown step with them, until no sum that is shown
 * leaves a few over.
 *
 * @returns undefined where there are fewer than five customers in all
 */
export function withholdPaths(found: SegmentPaths): ReportedPaths | undefined {
  if (found.customers < SMALLEST_CELL) return undefined
  const steps = found.stops.slice(1).flatMap((_, position) => shownSteps(found.steps, position))
  const { throughout, stayed } = tellStayed(found)
  const margins: readonly Margin[] = [
    { customers: found.customers, has: () => true },
    ...steps.map((step) => ({
      customers: step.customers,
      has: (path: SegmentPath) => stepsOf(path).some((one) => isSame(one, step)),
    })),
    ...(throughout === null ? [] : [{ customers: throughout, has: isThroughout }]),
    ...(stayed === null ? [] : [{ customers: stayed, has: isStay }]),
  ]
  const paths = safePaths(
    found.paths.filter((path) => stepsOf(path).every((one) => steps.some((step) => isSame(one, step)))),
    margins,
  )
  const mostCommon = paths.find((path) => path === found.paths[0]) ?? null
  return {
    ...found,
    throughout,
    stayed,
    paths,
    mostCommon,
    steps,
    others: found.customers - sumOf(paths),
    sizes: sizesOf(found.steps),
  }
}

/** The largest first, at most 12. */
function safePaths(paths: readonly SegmentPath[], margins: readonly Margin[]): readonly SegmentPath[] {
  const shown = paths.filter(({ customers }) => customers >= SMALLEST_CELL).slice(0, SHOWN_PATHS)
  // Each round leaves one out or is the last.
  for (;;) {
    const spoilt = margins.flatMap(({ customers, has }) => {
      const own = shown.filter(has)
      return own.length > 0 && isFew(customers - sumOf(own)) ? [own.at(-1)!] : []
    })
    const [smallest] = spoilt.sort((a, b) => a.customers - b.customers)
    if (!smallest) return shown
    shown.splice(shown.indexOf(smallest), 1)
  }
}

function shownSteps(all: readonly PathStep[], position: number): readonly PathStep[] {
  const steps = all.filter((step) => step.position === position)
  const isWithheld = withheldWays(steps)
  return steps.filter(({ fromSegmentKey, toSegmentKey }) => !isWithheld(fromSegmentKey, toSegmentKey))
}

/** How large a segment was at a publication is no secret. */
function sizesOf(steps: readonly PathStep[]): readonly SegmentSize[] {
  const sizes = new Map<string, SegmentSize>()
  const last = Math.max(...steps.map(({ position }) => position))
  const add = (position: number, segmentKey: string | null, customers: number): void => {
    if (segmentKey === null) return
    const id = `${position} ${segmentKey}`
    sizes.set(id, { position, segmentKey, customers: customers + (sizes.get(id)?.customers ?? 0) })
  }
  for (const { position, fromSegmentKey, toSegmentKey, customers } of steps) {
    add(position, fromSegmentKey, customers)
    if (position === last) add(last + 1, toSegmentKey, customers)
  }
  return [...sizes.values()].filter(({ customers }) => customers >= SMALLEST_CELL)
}

function tellStayed({ customers, throughout, stayed }: SegmentPaths): Pick<ReportedPaths, 'throughout' | 'stayed'> {
  if (throughout === 0 || isFew(throughout) || isFew(customers - throughout)) return { throughout: null, stayed: null }
  return { throughout, stayed: isFew(stayed) || isFew(throughout - stayed) ? null : stayed }
}

function isThroughout({ segmentKeys }: SegmentPath): boolean {
  return !segmentKeys.includes(null)
}

function isStay({ segmentKeys }: SegmentPath): boolean {
  return segmentKeys[0] !== null && segmentKeys.every((key) => key === segmentKeys[0])
}

type Step = Omit<PathStep, 'customers'>

function stepsOf({ segmentKeys }: SegmentPath): readonly Step[] {
  return segmentKeys.slice(1).flatMap((toSegmentKey, position) => {
    const fromSegmentKey = segmentKeys[position] ?? null
    return fromSegmentKey === null && toSegmentKey === null ? [] : [{ position, fromSegmentKey, toSegmentKey }]
  })
}

function isSame(a: Step, b: Step): boolean {
  return a.position === b.position && a.fromSegmentKey === b.fromSegmentKey && a.toSegmentKey === b.toSegmentKey
}

function sumOf(paths: readonly SegmentPath[]): number {
  return paths.reduce((sum, { customers }) => sum + customers, 0)
}
