import { measureEffectiveness } from '../activities/measure-effectiveness.ts'
import type { OutcomeRun } from '../activities/measure-effectiveness.ts'
import { measureSegmentOutcomes } from '../activities/measure-segment-outcomes.ts'
import type { SegmentOutcomes } from '../effectiveness/segment-outcomes.ts'
import { measureTrials, type MeasuredTrials, type TriedRun } from '../activities/measure-trials.ts'
import { makeEffectivenessBook } from '../adapters/warehouse/effectiveness-book.ts'
import type { Environment } from '../config/environment.ts'
import type { Effectiveness } from '../effectiveness/judge-effectiveness.ts'
import type { Definition } from '../plan/definition.ts'
import type { EffectivenessBook } from '../ports/effectiveness-book.ts'
import { makeServices } from './services.ts'
import type { WarehouseAddress } from './warehouse.ts'

export type { OutcomeRun } from '../activities/measure-effectiveness.ts'

/** Reads from the artifact store of a pipeline. @throws WrongUsage, ArtifactMissing, ConnectionFailed, PermissionDenied, ConfigInvalid */
export async function readEffectiveness(
  environment: Environment,
  definition: Definition,
  judged: readonly OutcomeRun[],
  later: OutcomeRun,
): Promise<readonly (Effectiveness & { readonly outcomes: SegmentOutcomes })[]> {
  const services = makeServices(environment)
  try {
    const found = []
    for (const run of judged)
      found.push({
        ...(await measureEffectiveness(services, definition, run, later)),
        outcomes: await measureSegmentOutcomes(services, definition, run, later),
      })
    return found
  } finally {
    await services.close()
  }
}

/** As `measureTrials`. */
export async function readTrials(
  environment: Environment,
  definition: Definition,
  tried: readonly TriedRun[],
): Promise<MeasuredTrials> {
  const services = makeServices(environment)
  try {
    return await measureTrials(services, definition, tried)
  } finally {
    await services.close()
  }
}

/** Opens no connection before it is used. @throws SecretMissing */
export function openEffectivenessBook(
  environment: Environment,
  { secret, schema }: WarehouseAddress,
): EffectivenessBook {
  return makeEffectivenessBook({ connectionString: environment.secret(secret), secret, schema })
}
