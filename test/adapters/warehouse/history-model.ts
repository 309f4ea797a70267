import { segmentOf, type Members } from './candidate.ts'

/** One publication of a sequence, or a return to one: then it says the same as that one did. */
export interface Step {
  readonly asOf: string
  readonly revision: number
  readonly members: Members
  /** Of a return: counted from 1. */
  readonly rollback?: number
  /** Of customers who were withdrawn from what was live: counted from 1. */
  readonly withdrawal?: number
  /** Set with `withdrawal`: who, and whether nothing is to be known of them from then on. 0: consumers saw them nowhere. */
  readonly suppressed?: { readonly customer: string; readonly isErased: boolean }
  /** Of a run that was held while customers were withdrawn: what it had found by then. */
  readonly found?: Members
  /** Whom the run is counted with: its customers when it came out. */
  readonly counted: Members
}

export const customers = ['a', 'b', 'c', 'd', 'e', 'f']

/**
 * What consumers should find after a sequence of publications, one customer at a time and without SQL. A period or span is written as
 * `customer segment [from, to)`, a holdout with an exclamation mark.
 */
export const model = {
  /** Business time: as if only the last revision of each as-of had ever been published, and nothing that was taken back. */
  periods(steps: readonly Step[]): string[] {
    let lasting: readonly Step[] = []
    for (const step of steps) lasting = [...lasting.filter(({ asOf }) => asOf < step.asOf), step]
    return stretches(lasting, knownAfter(steps), ({ asOf }) => asOf)
  },

  /** Published time: what was shown from which switch to which. */
  spans(steps: readonly Step[]): string[] {
    return stretches(steps, knownAfter(steps), switchOf)
  },

  /** What became of each run. */
  states(steps: readonly Step[]): ReadonlyMap<string, string> {
    const states = new Map<string, string>()
    const order = steps.filter(({ rollback, withdrawal }) => rollback === undefined && withdrawal === undefined)
    for (const step of steps) {
      if (step.withdrawal !== undefined) continue
      const place = order.findIndex((other) => runOf(other) === runOf(step))
      for (const [index, other] of order.entries()) {
        const state = states.get(runOf(other))
        if (state === undefined || index === place) continue
        const isLater = other.asOf > step.asOf || (other.asOf === step.asOf && index > place)
        if (isLater) states.set(runOf(other), 'rolled_back')
        else if (other.asOf === step.asOf && state === 'published') states.set(runOf(other), 'superseded')
      }
      states.set(runOf(step), 'published')
    }
    return states
  },

  /** Differences to the publication before. */
  events(steps: readonly Step[]): string[] {
    return steps
      .flatMap((step, index) => {
        const before = steps[index - 1]?.members
        return knownAfter(steps).flatMap((customer) => {
          const [from, to] = [before?.get(customer), step.members.get(customer)].map((text) => text && segmentOf(text))
          if (from === to) return []
          const event = from === undefined ? 'entered' : to === undefined ? 'left' : 'moved'
          const why = step.withdrawal !== undefined ? ' withdrawn' : step.rollback === undefined ? '' : ' rollback'
          return [`${switchOf(step)} ${customer} ${event} ${from ?? null} ${to ?? null}${why}`]
        })
      })
      .sort()
  },
}

export function runOf({ asOf, revision }: Pick<Step, 'asOf' | 'revision'>): string {
  return `shop@${asOf.slice(0, 10)}~${revision}`
}

/** `shop@2021-01-01~1`, `shop@2021-01-01~1^2` when the second return of all was to it, `shop@2021-01-01~1-3` after the third withdrawal. */
export function switchOf(step: Step): string {
  if (step.withdrawal !== undefined) return `${runOf(step)}-${step.withdrawal}`
  return runOf(step) + (step.rollback === undefined ? '' : `^${step.rollback}`)
}

/** Equal neighbours are one stretch. */
function stretches(steps: readonly Step[], of: readonly string[], instantOf: (step: Step) => string): string[] {
  return of
    .flatMap((customer) => {
      const found: { state: string; from: string; to: string | null }[] = []
      let state: string | undefined
      for (const step of steps) {
        const next = step.members.get(customer)
        if (next === state) continue
        if (state !== undefined) found.at(-1)!.to = instantOf(step)
        if (next !== undefined) found.push({ state: next, from: instantOf(step), to: null })
        state = next
      }
      return found.map(({ state: segment, from, to }) => `${customer} ${segment} [${from}, ${to})`)
    })
    .sort()
}

/** Customers who were not erased. */
function knownAfter(steps: readonly Step[]): string[] {
  const erased = new Set(steps.flatMap(({ suppressed }) => (suppressed?.isErased ? [suppressed.customer] : [])))
  return customers.filter((customer) => !erased.has(customer))
}
