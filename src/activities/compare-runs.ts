import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { Definition } from '../plan/definition.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import { toRunDiff, type DiffedRun, type RunDiff } from '../stages/validate/diff/run-diff.ts'
import { compileDiffedLive, compileDiffedPopulation, compileDiffedResolved } from '../stages/validate/diff/sql.ts'
import type { DiffedFiles } from '../stages/validate/diff/sql.ts'
import { keepLabels } from '../stages/validate/identity/keep-labels.ts'
import { traceLineage } from '../stages/validate/identity/trace-lineage.ts'
import { readOverlap } from '../stages/validate/panel.ts'
import { asComparableModel, asPublishedModel } from '../stages/validate/published-model.ts'
import { CREATE_MOVED } from '../stages/validate/live-sql.ts'
import { COUNT_LIVE, COUNT_OVERLAP, COUNT_TRANSITIONS } from '../stages/validate/sql.ts'
import { assertTransitionsConserve, readTransition } from '../stages/validate/transitions.ts'
import type { Validation } from '../stages/validate/validation.ts'
import { keptSegments } from './kept-segments.ts'
import { kpiOf } from './comparison-inputs.ts'
import { makeKeyTables, placeMoved } from './explain-moves.ts'
import { measureComparison } from './measure-comparison.ts'
import { readDocument } from './read-document.ts'
import { fetchFiles, withStoredRows } from './stored-rows.ts'

const OTHER_FEATURES =
  'The first run knows other features than the second has, so its model cannot place those customers.'

/** A run that came to the end of stage validate, and where what it made is. */
export interface StoredRun {
  readonly told: DiffedRun
  /** Artifact of stage validate; undefined: it was published without one, as adopted segments are. */
  readonly validateUri: string | undefined
  readonly featuresUri: string | undefined
  /** Its run id; null: it was not published. */
  readonly publishedAs: string | null
}

/**
 * Compares any two runs of a pipeline, by the lasting keys of their segments. Where the second was compared with exactly the first, its
 * validation is the answer; else it is counted anew from what both have stored.
 *
 * @param definition whose artifact store it is, and whose thresholds lineage obeys
 * @throws ArtifactMissing, ConnectionFailed
 */
export async function compareRuns(
  services: Pick<Services, 'engine' | 'store' | 'kernels'>,
  definition: Definition,
  before: StoredRun,
  after: StoredRun,
): Promise<RunDiff> {
  const store = services.store(definition)
  const second = await openValidated(store, after)
  const sides = { pipeline: definition.pipeline.pipeline, before: before.told, after: after.told }
  const { comparedWith, transitions, comparison, lineage } = second.validation
  if (comparedWith !== null && comparedWith === before.publishedAs)
    return toRunDiff({ ...sides, source: 'stored', transitions, withoutReasons: null, comparison, lineage })
  const first = await openValidated(store, before)
  const { features, missing } = await fetchFeatures(store, after)
  // What is in the smaller sample is in the larger one.
  const shares = [first, second].map(({ validation }) => validation.sample?.share ?? 1)
  const files = { before: first.files, after: second.files, features, sampledShare: Math.min(...shares) }
  const paths = [...first.files, ...second.files, ...features]
  const computed = await withStoredRows(services.engine, store, 'diff', paths, (session) =>
    diffStored(session, services, definition, { first: first.validation, second: second.validation, files, missing }),
  )
  return toRunDiff({ ...sides, source: 'computed', ...computed })
}

interface Diffed {
  readonly first: Validation
  readonly second: Validation
  readonly files: DiffedFiles
  /** Why there are no features; null: there are. */
  readonly missing: string | null
}

async function diffStored(
  session: ComputeSession,
  services: Pick<Services, 'kernels'>,
  definition: Definition,
  { first, second, files, missing }: Diffed,
): Promise<Pick<RunDiff, 'transitions' | 'withoutReasons' | 'comparison' | 'lineage'>> {
  const [firstModel, model] = [asPublishedModel(first.model), asPublishedModel(second.model)]
  const segmentKeys = second.segments.filter(({ level }) => level === 0).map(({ segmentKey }) => segmentKey)
  await session.execute(compileDiffedLive(files))
  await session.execute(compileDiffedPopulation(files, segmentKeys))
  const customers = Number((await session.rows('SELECT count(*) AS customers FROM population'))[0]!.customers)
  const overlap = readOverlap(
    segmentKeys.length,
    customers,
    await session.rows(COUNT_OVERLAP),
    await session.rows(COUNT_LIVE),
  )
  const matches = keepLabels(overlap, segmentKeys).map((match) => ({
    ...match,
    isNew: !overlap.publishedKeys.includes(match.segmentKey),
  }))
  const lineage = traceLineage(keptSegments(definition, overlap), matches)
  const placing = missing === null && model ? asComparableModel(firstModel, model, model.measures) : null
  const retiredKeys = overlap.publishedKeys.filter((key) => !segmentKeys.includes(key))
  const live = { model: placing, relation: 'population', isEdited: false, problem: null } as const
  await makeKeyTables(session, { matches, retiredKeys, lineage, live })
  await session.execute(CREATE_MOVED)
  const attempt = { progress: () => undefined, signal: new AbortController().signal }
  await placeMoved(session, services, attempt, live)
  await session.execute(compileDiffedResolved(placing !== null))
  const transitions = (await session.rows(COUNT_TRANSITIONS)).map(readTransition)
  const sizes = Object.fromEntries(segmentKeys.map((key, cluster) => [key, overlap.sizes[cluster]!]))
  assertTransitionsConserve(transitions, overlap.published, sizes)
  const comparison = await measureComparison(session, {
    ...{ overlap, matches, isPrimary: () => true, transitions, customers, live },
    ...{ model: null, isKept: true, values: null, growing: [] },
    published: missing === null ? firstModel : null,
    measures: model?.measures ?? {},
    kpi: missing === null && model ? kpiOf(model) : null,
  })
  const withoutReasons = placing === null ? (missing ?? OTHER_FEATURES) : null
  return { transitions, withoutReasons, comparison, lineage }
}

async function openValidated(
  store: ArtifactStore,
  { told, validateUri }: StoredRun,
): Promise<{ readonly files: readonly string[]; readonly validation: Validation }> {
  const manifest = validateUri === undefined ? undefined : await store.readManifest(validateUri, 'manifest')
  if (validateUri === undefined || !manifest)
    throw new ArtifactMissing(
      `The customers of ${told.run} are not in the artifact store ${validateUri === undefined ? 'and never were: its segments were made elsewhere' : `any more (${validateUri})`}.`,
      'What a published run found is kept in the views segment_transitions, run_comparisons and segment_lineage; the next revision of a run is made anew.',
    )
  const validation = await readDocument<Validation>(store, validateUri, manifest.files, 'validation')
  return { files: await fetchFiles(store, validateUri, manifest, 'rows'), validation }
}

async function fetchFeatures(
  store: ArtifactStore,
  { told, featuresUri }: StoredRun,
): Promise<{ readonly features: readonly string[]; readonly missing: string | null }> {
  const manifest = featuresUri === undefined ? undefined : await store.readManifest(featuresUri, 'manifest')
  if (featuresUri === undefined || !manifest)
    return { features: [], missing: `The features of ${told.run} are not in the artifact store any more.` }
  return { features: await fetchFiles(store, featuresUri, manifest, 'rows'), missing: null }
}
