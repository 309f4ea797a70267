import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { openScratch } from '../adapters/artifact-store/scratch.ts'
import { readCsvTexts } from '../adapters/duckdb/csv-texts.ts'
import { readTableTexts } from '../adapters/warehouse/read-texts.ts'
import type { Environment } from '../config/environment.ts'
import { FEEDBACK_COLUMNS, feedbackOfRows } from '../config/feedback-rows.ts'
import { loadFeedback } from '../config/load-feedback.ts'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { Definition } from '../plan/definition.ts'
import { MOST_JUDGEMENTS, type WrittenFeedback } from '../plan/feedback.ts'
import { findPostgres } from './find-connection.ts'
import { makeServices } from './services.ts'

/** One more than may come: that there are too many shows. */
const ROWS_READ = MOST_JUDGEMENTS + 1

/** @param file YAML or CSV, by its ending; relative to where the command is called @throws ConfigInvalid */
export async function readFeedbackFile(environment: Environment, file: string): Promise<readonly WrittenFeedback[]> {
  if (!/\.csv(\.gz)?$/i.test(file)) return loadFeedback(file)
  const path = resolve(file)
  if (!(await stat(path).catch(() => null))?.isFile())
    throw new ConfigInvalid(`There is no file ${file}, looked for as ${path}.`, 'Name a YAML or CSV file with --file.')
  const scratch = await openScratch(join(environment.cacheFolder, 'scratch'), 'feedback')
  const services = makeServices(environment)
  const session = await services.engine.open({ scratchPath: scratch.path, readablePaths: [dirname(path)] })
  try {
    return feedbackOfRows(file, await readCsvTexts(session, path, ROWS_READ))
  } finally {
    await session.close()
    await services.close()
    await scratch.close()
  }
}

export interface FeedbackTable {
  /** `schema.table` of Postgres, or a view. */
  readonly table: string
  /** Name of a Postgres connection of the project. Absent: the warehouse of the pipeline. */
  readonly connection: string | undefined
}

/** @throws ConfigInvalid, SecretMissing, ConnectionFailed, PermissionDenied */
export async function readFeedbackTable(
  environment: Environment,
  { connections, pipeline, target }: Definition,
  { table, connection = pipeline.publish.warehouse }: FeedbackTable,
): Promise<readonly WrittenFeedback[]> {
  const secret = findPostgres(connections, connection)
  const options = { connectionString: environment.secret(secret), secret, schema: target.schema }
  return feedbackOfRows(`Table ${table}`, await readTableTexts(options, table, FEEDBACK_COLUMNS, ROWS_READ))
}
