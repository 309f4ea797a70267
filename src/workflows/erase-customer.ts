import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { ErasureActivities } from '../activities/erasure-activities.ts'
import { ErasureIncomplete } from '../errors/erasure-incomplete.ts'
import type { ErasureInput } from '../plan/erasure-input.ts'
import type { ErasureStatus, StoreErasure } from '../run/erasure.ts'
import { queueBeside } from './activity-steps.ts'
import { renderErasurePage } from './erasure-page.ts'
import { erasureStatusQuery } from './messages.ts'
import { RunAttributes } from './run-attributes.ts'

/** A run that was reading while customers were erased may leave something behind once; then it is a failure. */
const MOST_ROUNDS = 3

/**
 * Erases what every store holds of the customers of a request, and looks again. Ends Completed when nothing is found any more, Failed when
 * something is, or a store could not be reached for days: the ids of the request are kept then, and it can be done again.
 */
export async function eraseCustomer(input: ErasureInput): Promise<ErasureStatus> {
  const patience = {
    taskQueue: queueBeside(workflowInfo().taskQueue, 'io'),
    scheduleToCloseTimeout: '7 days',
    startToCloseTimeout: '12 hours',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes', backoffCoefficient: 2 },
  } as const
  const activities = proxyActivities<ErasureActivities>(patience)
  const attributes = new RunAttributes()
  const facts = { requestId: input.requestId, customers: 0, askedAt: '', dueAt: '', stores: [], remarks: [] }
  let status: ErasureStatus = { ...facts, state: 'running', doing: 'Looking at what is to be done' }
  setHandler(erasureStatusQuery, () => status, { description: 'How far the erasure has come.' })
  const change = (changed: Partial<ErasureStatus>, failure?: string): void => {
    status = { ...status, ...changed }
    setCurrentDetails(renderErasurePage(status, failure))
  }
  const named = (id: string, summary: string) => ({ activityId: id, summary })
  attributes.set({ stage: 'erase' })
  change({})
  try {
    const { stores, ...planned } = await activities.planErasure.executeWithOptions(
      named('plan', 'Look at what is to be done'),
      [input],
    )
    change({ ...planned, doing: 'Withdrawing the customers from what consumers see' })
    await activities.withdrawCustomers.executeWithOptions(named('withdraw', 'Withdraw the customers'), [input])
    change({ doing: 'Waiting for destinations to hear that they left' })
    const untold = await activities.tellDestinations.executeWithOptions(
      named('destinations', 'Let destinations hear that they left'),
      [input],
    )
    change({ remarks: untold.map((name) => `Destination ${name} did not hear in time that the customers left.`) })
    let left = stores
    for (let round = 1; round <= MOST_ROUNDS && left.length > 0; round++) {
      for (const store of left) {
        change({ doing: `Erasing from ${store}` })
        const position = stores.indexOf(store)
        const erased = await activities.eraseFromStore.executeWithOptions(
          named(`erase-${position}-${round}`, `Erase from ${store}`),
          [input, store],
        )
        change({ stores: addErased(status.stores, erased) })
      }
      const found: string[] = []
      for (const store of left) {
        change({ doing: `Looking again in ${store}` })
        const id = `look-${stores.indexOf(store)}-${round}`
        const options = named(id, `Look again in ${store}`)
        if ((await activities.lookAgain.executeWithOptions(options, [input, store])) > 0) found.push(store)
      }
      left = found
    }
    if (left.length > 0) throw incomplete(left)
    change({ doing: 'Writing the evidence down' })
    const { stores: report, remarks } = status
    await activities.finishErasure.executeWithOptions(named('finish', 'Write the evidence down'), [
      input,
      { stores: report, remarks },
    ])
    change({ state: 'finished', doing: '' })
    attributes.set({ outcome: 'erased' })
    return status
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error
    change({ state: 'failed' }, isCancellation(error) ? 'It was cancelled.' : (cause as Error).message)
    attributes.set({ outcome: 'failed' })
    throw error
  }
}

function addErased(known: readonly StoreErasure[], { store, rows, places }: StoreErasure): readonly StoreErasure[] {
  const before = known.find((one) => one.store === store)
  if (!before) return [...known, { store, rows, places }]
  return known.map((one) =>
    one === before ? { store, rows: one.rows + rows, places: Math.max(one.places, places) } : one,
  )
}

function incomplete(stores: readonly string[]): ApplicationFailure {
  const { type, message } = new ErasureIncomplete(
    `After it was erased from three times, rows of the customers are still in ${stores.join(', ')}.`,
    'See whether something writes there all the time, or keeps old versions that may not be removed; then ask anew: resegment forget',
  )
  return ApplicationFailure.create({ type, message, nonRetryable: true })
}
