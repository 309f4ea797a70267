export { segmentCustomers } from './segment-customers.ts'
export { syncDestination } from './sync-destination.ts'
export { sendNotices } from './send-notices.ts'
export { sweep } from './sweep.ts'
