import { segmentOf, type Members } from './candidate.ts'

/** One publication of a sequence. */
export interface Step {
  readonly asOf: string
  readonly revision: number
  readonly members: Members
}

export const customers = ['a', 'b', 'c', 'd', 'e', 'f']

/**
 * What consumers should find after a sequence of publications, one customer at a time and without SQL. A period or span is written as
 * `customer segment [from, to)`, a holdout with an exclamation mark.
 */
export const model = {
  /** Business time: as if only the last revision of each as-of had ever been published. */
  periods(steps: readonly Step[]): string[] {
    const lasting = steps.filter(({ asOf }, index) => steps[index + 1]?.asOf !== asOf)
    return stretches(lasting, ({ asOf }) => asOf)
  },

  /** Published time: what was shown from which publication to which. */
  spans(steps: readonly Step[]): string[] {
    return stretches(steps, runOf)
  },

  /** Differences to the publication before. */
  events(steps: readonly Step[]): string[] {
    return steps
      .flatMap((step, index) => {
        const before = steps[index - 1]?.members
        return customers.flatMap((customer) => {
          const [from, to] = [before?.get(customer), step.members.get(customer)].map((text) => text && segmentOf(text))
          if (from === to) return []
          const event = from === undefined ? 'entered' : to === undefined ? 'left' : 'moved'
          return [`${runOf(step)} ${customer} ${event} ${from ?? null} ${to ?? null}`]
        })
      })
      .sort()
  },
}

export function runOf({ asOf, revision }: Pick<Step, 'asOf' | 'revision'>): string {
  return `shop@${asOf.slice(0, 10)}~${revision}`
}

/** Equal neighbours are one stretch. */
function stretches(steps: readonly Step[], instantOf: (step: Step) => string): string[] {
  return customers
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
