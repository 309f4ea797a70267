import { resolve } from 'node:path'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import type { Definition } from '../../src/plan/definition.ts'
import type { DataStages, PipelineBench, Row } from './pipeline-bench.ts'

const PROJECT = resolve(import.meta.dirname, '../pipelines')

type Stage = 'raw' | 'clean' | 'features'

export interface Ran extends DataStages {
  readonly definition: Definition
  /** One row of figures about the files of a role. */
  row(of: Stage, figures: string, role?: string): Promise<Row>
  /** By SQL over relation `rows`, the files of a role. */
  rows(of: Stage, sql: string, role?: string): Promise<readonly Row[]>
}

/** Runs a pipeline of test/pipelines up to its features. */
export async function runPipeline(bench: PipelineBench, pipeline: string, asOf: string): Promise<Ran> {
  const definition = loadDefinition(PROJECT, pipeline, 'dev')
  const stages = await bench.run(definition, asOf)
  return {
    ...stages,
    definition,
    row: (of, figures, role) => bench.row(definition, stages[of], figures, role),
    rows: (of, sql, role) => bench.rows(definition, stages[of], sql, role),
  }
}
