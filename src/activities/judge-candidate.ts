import type { ComputeSession } from '../ports/compute-engine.ts'
import { formatRunId } from '../run/run-key.ts'
import type { GateCheck } from '../run/verdict.ts'
import { checkGates } from '../stages/validate/gates/check-gates.ts'
import type { Completeness } from '../stages/validate/completeness.ts'
import type { ComparisonMeasure } from '../stages/validate/comparison/measures.ts'
import type { Overlap } from '../stages/validate/panel.ts'
import { scaleUp } from '../stages/validate/sample-published.ts'
import type { PlacedCustomers, PublishedModel } from '../stages/validate/published-model.ts'
import type { CandidateSegment } from '../stages/validate/validation.ts'
import { countUnseenLevels } from './count-unseen-levels.ts'
import type { Comparison } from './comparison-inputs.ts'
import type { IdentifiedSegments } from './identify-segments.ts'
import { measureCustomGates } from './measure-custom-gates.ts'

/** What was found out about the candidate. */
export interface FoundCandidate extends Pick<IdentifiedSegments, 'lineage'> {
  /** After people had their say. */
  readonly overlap: Overlap
  readonly segments: readonly CandidateSegment[]
  readonly placed: PlacedCustomers
  readonly fittedOn: PlacedCustomers | undefined
  readonly completeness: Completeness
  readonly measured: readonly ComparisonMeasure[]
  /** Null: nothing is live, or nothing is known of how it was made. */
  readonly published: PublishedModel | null
  /** Null on a first run. */
  readonly moved: number | null
}

/** Every gate of the run, of tables `resolved`, `population` and `live`. */
export async function judgeCandidate(
  session: ComputeSession,
  comparison: Comparison,
  found: FoundCandidate,
): Promise<readonly GateCheck[]> {
  const { plan, state, model, customers, cleanRows, sourceRows, scoredWith, sample } = comparison
  const { validate } = plan.definition.pipeline
  const { overlap, segments, placed, fittedOn, published, moved } = found
  return checkGates(validate, {
    pipeline: plan.pipeline,
    kind: plan.kind,
    isKept: scoredWith !== null,
    placed,
    fittedOn: fittedOn ?? null,
    segments: segments.filter((segment) => segment.level === 0 && segment.customers > 0),
    knownKeys: [...new Set([...state.segments, ...segments].map(({ segmentKey }) => segmentKey))],
    customers,
    customersInAll: scaleUp(customers, sample),
    cleanRows: scaleUp(cleanRows, sample),
    sourceRows,
    dataQuality: comparison.dataQuality,
    completeness: found.completeness,
    newLevels: await countUnseenLevels(session, published, model, comparison.measures),
    panel: overlap.panel,
    lineage: found.lineage,
    comparison: found.measured,
    model,
    custom: await measureCustomGates(session, validate.custom, comparison.featureFiles),
    published: state.live && {
      runId: formatRunId(state.live),
      isAdopted: published === null,
      cleanRows: state.live.cleanRows,
      sourceRows: published?.sourceRows ?? null,
      completeness: published?.completeness ?? null,
      moved: moved!,
      customers: overlap.published,
    },
  })
}
