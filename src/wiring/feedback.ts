import { makeFeedbackBook } from '../adapters/warehouse/feedback-book.ts'
import type { Environment } from '../config/environment.ts'
import type { FeedbackBook } from '../ports/feedback-book.ts'
import type { WarehouseAddress } from './warehouse.ts'

/** Opens no connection before it is used. @throws SecretMissing */
export function openFeedbackBook(environment: Environment, { secret, schema }: WarehouseAddress): FeedbackBook {
  return makeFeedbackBook({ connectionString: environment.secret(secret), secret, schema })
}
