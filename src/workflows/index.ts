export { segmentCustomers } from './segment-customers.ts'
export { syncDestination } from './sync-destination.ts'
export { sweep } from './sweep.ts'
export { watchSchedules } from './watch-schedules.ts'
