import { setWorkflowOptions } from '@temporalio/workflow'
import { HAS_VERSION } from '../run/worker-version.ts'
import { eraseCustomer } from './erase-customer.ts'
import { reviewSegmentation } from './review-segmentation.ts'
import { segmentCustomers } from './segment-customers.ts'
import { sendNotices } from './send-notices.ts'
import { sweep } from './sweep.ts'
import { syncDestination } from './sync-destination.ts'
import { verifyRun } from './verify-run.ts'
import { watchSchedules } from './watch-schedules.ts'

export {
  eraseCustomer,
  reviewSegmentation,
  segmentCustomers,
  sendNotices,
  sweep,
  syncDestination,
  verifyRun,
  watchSchedules,
}

// docs/decisions/0018-versions-of-workers.md says why each is what it is. A server refuses to hear of it from a worker without a version.
if (HAS_VERSION in globalThis) {
  for (const one of [segmentCustomers, verifyRun]) endsOnItsVersion(one)
  for (const one of [eraseCustomer, reviewSegmentation, sendNotices, sweep, syncDestination, watchSchedules])
    goesOnWithTheCurrent(one)
}

function endsOnItsVersion(workflow: (input: never) => Promise<unknown>): void {
  setWorkflowOptions({ versioningBehavior: 'PINNED' }, workflow)
}

function goesOnWithTheCurrent(workflow: (input: never) => Promise<unknown>): void {
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, workflow)
}
