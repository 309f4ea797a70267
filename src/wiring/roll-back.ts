import { rollBackPipeline } from '../activities/roll-back.ts'
import type { RollbackReport, RollbackWish } from '../activities/roll-back.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { makeServices } from './services.ts'

export type { RollbackReport } from '../activities/roll-back.ts'

/** Shows consumers an earlier run again. @throws what `rollBackPipeline` throws */
export async function rollBack(
  environment: Environment,
  definition: Definition,
  wish: RollbackWish,
): Promise<RollbackReport> {
  const services = makeServices(environment)
  try {
    return await rollBackPipeline(services, definition, wish)
  } finally {
    await services.close()
  }
}
