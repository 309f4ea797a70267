export { segmentCustomers } from './segment-customers.ts'
