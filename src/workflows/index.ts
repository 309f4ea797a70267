export { segmentCustomers } from './segment-customers.ts'
export { syncDestination } from './sync-destination.ts'
