import type { RunPlan } from '../plan/run-plan.ts'
import type { NewFile } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import { drawMap } from '../report/segmentation/draw-map.ts'
import { proposeRefinements } from '../report/segmentation/propose-refinements.ts'
import type { SegmentScore, Sketch } from '../report/segmentation/sketch.ts'
import { typicalCustomers } from '../report/segmentation/typical-customers.ts'
import { sketchRole } from '../run/comparison-pages.ts'
import { formatRunId } from '../run/run-key.ts'
import { sourcesByRole } from '../stages/extract/config.ts'
import { entryOf, resolveFeatures } from '../stages/features/resolve-features.ts'
import { allDimensions, dimensionNames } from '../stages/features/transform.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import { compileScoreMedians, compileSketched } from '../stages/validate/sketch-sql.ts'
import type { Validation } from '../stages/validate/validation.ts'
import type { Attempt } from './attempt.ts'
import { kpiOf } from './comparison-inputs.ts'
import { coordinatesOf, featureColumns } from './coordinates.ts'
import { writeDocument } from './read-document.ts'

/** What is drawn and described is of so many customers at most: the first by MD5 of their id. */
const DRAWN_CUSTOMERS = 20_000

export interface SketchedRun {
  readonly plan: RunPlan
  readonly state: PublishedState
  readonly validation: Validation
}

/** Keeps what the report of the run needs besides the validation, of tables `population` and `resolved`. */
export async function writeSketch(session: ComputeSession, attempt: Attempt, run: SketchedRun): Promise<NewFile> {
  return writeDocument(attempt, sketchRole, await sketch(session, run))
}

async function sketch(session: ComputeSession, { plan, state, validation }: SketchedRun): Promise<Sketch> {
  const { pipeline } = plan.definition
  const model = validation.model as PublishedModel
  const columns = featureColumns(model.features)
  const rows = await session.columns(compileSketched(columns, DRAWN_CUSTOMERS))
  const segmentKeys = rows.columns.sketched_segment as readonly string[]
  const { values } = coordinatesOf(rows, model.features)
  const dimensions = allDimensions(model.features)
  const numbers = Object.fromEntries(
    Object.entries(rows.columns).filter(
      (column): column is [string, Float64Array] => column[1] instanceof Float64Array,
    ),
  )
  return {
    formatVersion: 1,
    ...{ runId: formatRunId(plan), pipeline: plan.pipeline, description: pipeline.description },
    ...{ period: plan.period, asOf: plan.asOf, kind: plan.kind, owner: pipeline.owner },
    objective: pipeline.objective ?? null,
    ...{
      codeVersion: plan.codeVersion,
      definitionHash: plan.definitionHash,
      targetName: plan.definition.targetName,
      method: model.method,
    },
    seed: 'seed' in pipeline.cluster ? pipeline.cluster.seed : null,
    fittedCustomers: model.fittedCustomers,
    sources: Object.fromEntries(
      sourcesByRole(pipeline.extract).flatMap(([role, names]) => names.map((name) => [name, role])),
    ),
    against: state.live && { runId: formatRunId(state.live), asOf: state.live.asOf },
    namesBefore: Object.fromEntries(state.segments.map(({ segmentKey, name }) => [segmentKey, name])),
    features: resolveFeatures(pipeline.features).map((spec) => {
      const { group, meaning } = entryOf(spec)
      return { name: spec.column, group: spec.sql ? null : group, meaning }
    }),
    moneyFeature: kpiOf(model),
    map: drawMap(values, dimensions, segmentKeys),
    typical: typicalCustomers(values, dimensions, segmentKeys, numbers),
    scores: await medianScores(session, validation),
    proposals: proposeRefinements(
      values,
      { names: dimensionNames(model.features), numbers },
      segmentKeys,
      state.live ? (rows.columns.sketched_previous as readonly (string | null)[]) : undefined,
    ),
  }
}

async function medianScores(session: ComputeSession, { outputs }: Validation): Promise<readonly SegmentScore[]> {
  const { scores } = outputs
  if (scores.length === 0) return []
  const rows = await session.rows(compileScoreMedians(scores.length))
  return rows.flatMap((row) =>
    scores.flatMap(({ name, unit }, index): SegmentScore[] => {
      const median = row[`score_${index + 1}`]
      if (median === null || median === undefined) return []
      return [{ segmentKey: String(row.segment_key), score: name, unit, median: Number(median) }]
    }),
  )
}
