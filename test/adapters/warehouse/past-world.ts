import { expect } from 'vitest'
import { formatRunId, type RunIdentity } from '../../../src/run/run-key.ts'
import { makeCandidate, segmentOf, type Members } from './candidate.ts'
import type { FreshSchema } from './fresh-schema.ts'
import { customers, runOf, type Step } from './history-model.ts'

/** A publication of a sequence, of the past or the present, or a return to one of the present. */
interface PastStep extends Step {
  readonly isPast: boolean
}

interface Published extends PastStep {
  readonly runId: string
}

/** Publishes a sequence, and knows without SQL what should be there. */
export class PastWorld {
  readonly target: FreshSchema
  /** Of the present, rollbacks included. */
  readonly shown: PastStep[] = []
  /** The result of each as-of, in its order. */
  inEffect: Published[] = []
  readonly states = new Map<string, string>()
  /** What the runs of the past found, against the run before them by as-of. */
  readonly pastEvents: string[] = []
  rollbacks = 0
  readonly #published: Published[] = []
  readonly #ever = new Set<string>()

  constructor(target: FreshSchema) {
    this.target = target
  }

  get live(): Published | undefined {
    const last = this.shown.at(-1)
    return last && this.#published.find((one) => runOf(one) === runOf(last))
  }

  async step(drawnMembers: Members, kind: string, pick: number): Promise<void> {
    const liveYear = this.live ? Number(this.live.asOf.slice(0, 4)) : 2019
    const returns = this.#published.filter((one) => !one.isPast && this.live && runOf(one) !== runOf(this.live))
    if (kind === 'return' && returns.length > 0) return this.#rollBack(returns[pick % returns.length]!)
    // Between, before and on years that were published.
    if (kind === 'past' && this.live) return this.fill(`${liveYear - 1 - (pick % 6)}`, drawnMembers)
    const year = this.live && kind === 'revision' ? liveYear : liveYear + 2
    return this.publish(`${year}`, drawnMembers)
  }

  publish(year: string, drawnMembers: Members): Promise<void> {
    return this.#put(year, drawnMembers, false)
  }

  /** @param revision default: the next */
  fill(year: string, drawnMembers: Members, revision?: number): Promise<void> {
    return this.#put(year, drawnMembers, true, revision)
  }

  async candidate(year: string, drawnMembers: Members, { isPast = true, revision = 1 } = {}) {
    const asOf = instantOf(year)
    const before = isPast ? this.inEffect.findLast((one) => one.asOf < asOf) : this.live
    const former = new Set([...this.#ever].filter((customer) => !before?.members.has(customer)))
    return makeCandidate(this.target, {
      ...{ asOf, revision, members: drawnMembers, former },
      ...(before && { before }),
      historical: isPast,
    })
  }

  async #put(year: string, drawnMembers: Members, isPast: boolean, asked?: number): Promise<void> {
    const asOf = instantOf(year)
    const revision = asked ?? 1 + this.#published.filter((one) => one.asOf === asOf).length
    const before = this.inEffect.findLast((one) => one.asOf < asOf)
    const candidate = await this.candidate(year, drawnMembers, { isPast, revision })
    const presentBefore = await present(this.target)
    await this.target.warehouse.publish(this.target.session, candidate, () => undefined)
    const step: Published = {
      asOf,
      revision,
      members: drawnMembers,
      counted: drawnMembers,
      isPast,
      runId: formatRunId(candidate.plan),
    }
    this.#published.push(step)
    if (isPast) {
      expect(await present(this.target)).toEqual(presentBefore)
      this.pastEvents.push(...eventsOf(step, before))
    } else this.shown.push(step)
    for (const customer of drawnMembers.keys()) this.#ever.add(customer)
    for (const one of this.inEffect) if (one.asOf === asOf) this.states.set(runOf(one), 'superseded')
    this.#settle(step, isPast)
  }

  async #rollBack(to: Published): Promise<void> {
    const rollback = ++this.rollbacks
    const from = this.live!
    await this.target.warehouse.rollBack('shop', {
      ...{ from: identityOf(from), to: identityOf(to), by: 'crm', reason: `return ${rollback}` },
    })
    this.shown.push({ ...to, rollback })
    const place = this.#published.indexOf(to)
    for (const [index, one] of this.#published.entries())
      if (one.asOf > to.asOf || (one.asOf === to.asOf && index > place)) this.states.set(runOf(one), 'rolled_back')
      else if (one.asOf === to.asOf && this.states.get(runOf(one)) === 'published')
        this.states.set(runOf(one), 'superseded')
    this.#settle(to, false)
  }

  #settle(step: Published, isPast: boolean): void {
    this.states.set(runOf(step), 'published')
    const others = this.inEffect.filter(({ asOf }) => (isPast ? asOf !== step.asOf : asOf < step.asOf))
    this.inEffect = [...others, step].sort((a, b) => (a.asOf < b.asOf ? -1 : 1))
  }
}

/** Everything that tells of the present, as consumers and their tools read it. */
export async function present(target: FreshSchema): Promise<unknown> {
  const found: Record<string, unknown> = {}
  for (const view of ['customer_segments', 'customer_segment_memberships', 'customer_scores', 'customer_reasons'])
    found[view] = await target.query(`select * from ${view} order by customer_id`)
  found.published = await target.query('select * from published_memberships order by customer_id, published_from')
  found.audiences = await target.query('select * from audiences order by id')
  found.members = await target.query('select * from audience_members order by audience_id, customer_id')
  found.segments = await target.query(`select segment_key, name, description, status, customers from segments
    where status <> 'retired' order by segment_key`)
  found.live = await target.query('select run_key, revision from runs where is_live')
  found.pointer = await target.query('select publication_id from pipeline')
  return found
}

function eventsOf(step: Published, before: Published | undefined): string[] {
  return customers.flatMap((customer) => {
    const [from, to] = [before?.members, step.members].map((then) => segmentOf(then?.get(customer) ?? '-'))
    if (from === to) return []
    return [`${runOf(step)} ${customer} ${from === '-' ? 'entered' : to === '-' ? 'left' : 'moved'} ${from} ${to}`]
  })
}

function identityOf(step: Step): RunIdentity {
  return { runKey: `shop@${step.asOf.slice(0, 10)}`, revision: step.revision }
}

function instantOf(year: string): string {
  return `${year}-01-01T00:00:00.000Z`
}
