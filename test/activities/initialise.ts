import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesOf } from '../../src/cli/init-requests.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import type { Objective } from '../../src/init/choose-pipeline.ts'
import { noCorrections, type Corrections } from '../../src/init/corrections.ts'
import { guessSources, type NobodyFound } from '../../src/init/guess-sources.ts'
import type { SourceGuess } from '../../src/init/guesses.ts'
import { writePipeline, writeProject } from '../../src/init/write-project.ts'
import type { Definition } from '../../src/plan/definition.ts'
import { lookAtPlaces } from '../../src/wiring/look-at-places.ts'

const WAREHOUSE = { postgres: { secret: 'WAREHOUSE_URL' } }
const LAKE = { s3: { bucket: 'resegment' } }

export interface Initialised {
  readonly sources: readonly SourceGuess[]
  readonly definition: Definition
}

/** Guesses as `init` makes them. @param places as they stand after --from */
export async function guess(
  folder: string,
  places: readonly string[],
  corrections: Corrections = noCorrections,
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly SourceGuess[] | NobodyFound> {
  const connection = { ...WAREHOUSE, maxParallel: 1, statementTimeout: '5m' }
  const requests = placesOf(places, folder, 'warehouse')
  const looked = await lookAtPlaces(readEnvironment(variables), folder, { warehouse: connection }, requests)
  return guessSources(looked, corrections)
}

/** What `init --yes` writes, taken by what `check` asks. */
export async function initialise(
  folder: string,
  places: readonly string[],
  objective: Objective,
  corrections: Corrections = noCorrections,
  variables: Readonly<Record<string, string>> = {},
): Promise<Initialised> {
  const sources = await guess(folder, places, corrections, variables)
  if ('missing' in sources) throw new Error(`${sources.nearest.name} has no ${sources.missing.join(', ')}`)
  mkdirSync(join(folder, 'pipelines'), { recursive: true })
  writeFileSync(join(folder, 'resegment.yaml'), writeProject(sources, { warehouse: WAREHOUSE, lake: LAKE }))
  writeFileSync(join(folder, 'pipelines/guessed.yaml'), writePipeline('guessed', objective, sources))
  return { sources, definition: loadDefinition(folder, 'guessed', 'dev') }
}

/** Source → role and columns: a name, or an expression. */
export function told(sources: readonly SourceGuess[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    sources.map(({ name, role, columns, lookups }) => [
      `${name}: ${role}`,
      Object.fromEntries([
        ...columns.map(({ column, from }) => [column, typeof from === 'string' ? from : from.sql]),
        ...lookups.flatMap(({ source, columns: brought }) => brought.map((column) => [column, `of ${source}`])),
      ]),
    ]),
  )
}
