import fc from 'fast-check'
import { expect } from 'vitest'
import { makeErasures } from '../../../src/adapters/warehouse/privacy/erasures.ts'
import { makeSuppressions } from '../../../src/adapters/warehouse/privacy/suppressions.ts'
import { makeWarehouseStore } from '../../../src/adapters/warehouse/privacy/warehouse-store.ts'
import type { Members } from './candidate.ts'
import type { FreshSchema } from './fresh-schema.ts'
import { customers, runOf, type Step } from './history-model.ts'

const segment = fc.constantFrom('shop-1', 'shop-2', 'shop-3', 'shop-1!')
const someMembers = fc
  .dictionary(fc.constantFrom(...customers), segment, { minKeys: 1 })
  .map((record): Members => new Map(Object.entries(record)))
/**
 * A later as-of, another revision of the live one, a return to any run that was published, before or after the live one, an objection, or an
 * erasure. Every second run was held while customers were withdrawn.
 */
export const someSteps = fc
  .array(
    fc.tuple(
      someMembers,
      fc.constantFrom('later', 'later', 'revision', 'return', 'return', 'suppress', 'erase'),
      fc.nat(),
    ),
    // What the first one says of customers is still kept then.
    { minLength: 2, maxLength: 8 },
  )
  .map((drawn): Step[] => {
    const steps: Step[] = []
    const published: Step[] = []
    const suppressed = new Set<string>()
    const shown = (found: Members): Members => new Map([...found].filter(([customer]) => !suppressed.has(customer)))
    let [returns, withdrawals] = [0, 0]
    for (const [drawnMembers, kind, pick] of drawn) {
      const live = steps.at(-1)
      const others = published.filter((step) => live === undefined || runOf(step) !== runOf(live))
      if (live && (kind === 'suppress' || kind === 'erase')) {
        const customer = customers[pick % customers.length]!
        suppressed.add(customer)
        const withdrawal = live.members.has(customer) ? ++withdrawals : 0
        const { asOf, revision, counted, found, members: before } = live
        const isErased = kind === 'erase'
        const facts = { asOf, revision, counted, ...(found && { found }) }
        steps.push({ ...facts, members: shown(before), withdrawal, suppressed: { customer, isErased } })
        continue
      }
      if (kind === 'return' && others.length > 0) {
        const to = others[pick % others.length]!
        steps.push({ ...to, members: shown(to.counted), rollback: ++returns })
        continue
      }
      const liveYear = live ? Number(live.asOf.slice(0, 4)) : 2019
      const asOf = `${live && kind === 'revision' ? liveYear : liveYear + 1}-01-01T00:00:00.000Z`
      const revision = 1 + published.filter((step) => step.asOf === asOf).length
      const isHeld = pick % 2 === 0
      const now = shown(drawnMembers)
      published.push({ asOf, revision, members: now, counted: now, ...(isHeld && { found: drawnMembers }) })
      steps.push(published.at(-1)!)
    }
    return steps
  })

/** As `resegment suppress` and `resegment forget` do it, without the rest of the house. */
export async function suppress(
  { connectionString, schema }: FreshSchema,
  { customer, isErased }: NonNullable<Step['suppressed']>,
): Promise<void> {
  const options = { connectionString, schema }
  const wish = { customerIds: [customer], by: 'crm', reason: 'asked for it' }
  if (!isErased) {
    const suppressions = makeSuppressions(options)
    await suppressions.add({ ...wish, pipelines: null })
    return suppressions.close()
  }
  const [erasures, store] = [makeErasures(options), makeWarehouseStore(options)]
  const { requestId } = await erasures.ask(wish)
  await erasures.withdraw(requestId)
  await store.erase([customer], new AbortController().signal)
  for await (const { where } of store.find([customer], new AbortController().signal)) expect(where).toBeUndefined()
  await erasures.finish(requestId, { stores: [], remarks: [] })
  await Promise.all([erasures.close(), store.close()])
}
