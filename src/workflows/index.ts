export { segmentCustomers } from './segment-customers.ts'
export { sweep } from './sweep.ts'
