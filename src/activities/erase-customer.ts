import { Context } from '@temporalio/activity'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { definitionInTarget, type ErasureInput } from '../plan/erasure-input.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import type { Services } from '../ports/services.ts'
import { attemptForTarget } from './attempt.ts'
import type { ErasureActivities } from './erasure-activities.ts'
import { tellWithdrawals } from './tell-withdrawals.ts'

export function makeErasureActivities(services: Services): ErasureActivities {
  return {
    planErasure: (input) =>
      attemptForTarget(services, async () => {
        const { customers, askedAt, dueAt } = await services.erasures(input).read(input.requestId)
        const stores = await withStores(services, input, (found) => Promise.resolve(found.map(({ name }) => name)))
        return { customers, askedAt, dueAt, stores }
      }),
    withdrawCustomers: (input) => attemptForTarget(services, () => services.erasures(input).withdraw(input.requestId)),
    tellDestinations: (input) =>
      attemptForTarget(services, (attempt) =>
        tellWithdrawals(services, () => Context.current().client.workflow, input, attempt),
      ),
    eraseFromStore: (input, name) =>
      attemptForTarget(services, ({ signal, reached }) =>
        withStores(services, input, async (stores) => {
          const ids = await services.erasures(input).customerIds(input.requestId)
          const { rows, places } = await findStore(stores, name).erase(ids, signal)
          reached('erased')
          return { store: name, rows, places: places.length }
        }),
      ),
    lookAgain: (input, name) =>
      attemptForTarget(services, ({ signal, progress }) =>
        withStores(services, input, async (stores) => {
          const ids = await services.erasures(input).customerIds(input.requestId)
          let rows = 0
          for await (const _ of findStore(stores, name).find(ids, signal)) progress((rows += 1))
          return rows
        }),
      ),
    finishErasure: (input, report) =>
      attemptForTarget(services, async () => {
        await services.erasures(input).finish(input.requestId, report)
      }),
  }
}

/** The stores of a target: those of all pipelines that ever ran in it. */
async function withStores<T>(
  services: Services,
  input: ErasureInput,
  body: (stores: readonly CustomerStore[]) => Promise<T>,
): Promise<T> {
  const kept = await services.erasures(input).definitions()
  const opened = services.customerStores(
    input,
    kept.map((definition) => definitionInTarget(definition, input)),
  )
  try {
    return await body(opened.stores)
  } finally {
    await opened.close()
  }
}

function findStore(stores: readonly CustomerStore[], name: string): CustomerStore {
  const store = stores.find((one) => one.name === name)
  if (store) return store
  throw new ConfigInvalid(
    `There is no store "${name}" of customers any more; there is ${stores.map((one) => one.name).join(', ')}.`,
    'Set the environment of the workers to what it was, and ask anew: resegment forget',
  )
}
