import type { Pipeline } from '../plan/pipeline.ts'
import { mappedColumns } from '../plan/mapped-columns.ts'
import type { DataRole } from '../run/data-roles.ts'
import { roles } from '../run/data-roles.ts'
import { catalogue } from '../stages/features/catalogue.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import { findMissing, listFeatures } from '../stages/features/list-features.ts'
import type { ListedFeature, MissingData } from '../stages/features/list-features.ts'
import { inspectProject } from './load-project.ts'
import { refuse } from './problem-text.ts'

export type { ListedFeature }

/** Features of a pipeline with the groups of the catalogue that they are in; null: its own SQL. */
export function groupedFeatures({ features }: Pipeline): readonly {
  readonly name: string
  readonly feature: string
  readonly group: string | null
}[] {
  return resolveFeatures(features).map(({ column, feature }) => ({
    name: column,
    feature,
    group: catalogue[feature]?.group ?? null,
  }))
}

/** What is missing, with a file to begin with where a whole role is. */
export interface MissingSource extends MissingData {
  /** Lines of a CSV file; null when the role is read and lacks columns alone. */
  readonly template: readonly string[] | null
}

/** The catalogue, in its own order. */
export function featureCatalogue(): readonly ListedFeature[] {
  return listFeatures()
}

/**
 * What a pipeline would have to read to build the features that it cannot build now.
 *
 * @throws ConfigInvalid naming every problem of project and pipeline
 */
export function missingSources(folder: string, pipelineName: string): readonly MissingSource[] {
  const { loaded, pipelines, problems } = inspectProject(folder, [pipelineName])
  const [loadedPipeline] = pipelines
  if (!loaded || !loadedPipeline) throw refuse(problems)
  const mapped = mappedColumns(loadedPipeline.pipeline.extract, loaded.project.sources)
  return findMissing(mapped).map((missing) => ({
    ...missing,
    template: missing.isRead ? null : templateOf(missing.role),
  }))
}

/** Values of the second and third line. */
const examples: Readonly<Partial<Record<string, readonly [string, string]>>> = {
  customer_id: ['1001', '1002'],
  occurred_at: ['2026-03-01T09:30:00Z', '2026-03-02T18:05:00Z'],
  question: ['satisfaction', 'goal'],
  answer: ['4', 'save time'],
  event: ['login', 'export_used'],
  session_id: ['s-1', 's-2'],
  campaign: ['spring', 'spring'],
  channel: ['email', 'web'],
  cost: ['0.12', '0.12'],
  responded: ['true', 'false'],
  revenue: ['49.90', ''],
  value: ['', '3'],
  ticket_id: ['t-1', 't-2'],
  order_id: ['o-1', 'o-2'],
  amount: ['49.90', '12.00'],
  topic: ['delivery', 'billing'],
  is_complaint: ['true', 'false'],
  satisfaction: ['2', '5'],
  resolved_at: ['2026-03-03T10:00:00Z', ''],
  birth_date: ['1984-05-17', '1991-11-02'],
  gender: ['female', 'male'],
  country: ['DE', 'AT'],
}

/** A CSV file of a role with every column that has a meaning, and two rows that show how to write them. */
export function templateOf(role: DataRole): readonly string[] {
  const columns = Object.keys(roles[role].columns)
  const row = (which: 0 | 1): string => columns.map((column) => examples[column]?.[which] ?? '').join(',')
  return [columns.join(','), row(0), row(1)]
}
