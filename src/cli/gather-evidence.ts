import { groupedFeatures } from '../config/feature-catalogue.ts'
import type { Definition } from '../plan/definition.ts'
import { rhythmWords } from '../plan/schedule.ts'
import type { WarehouseReader } from '../ports/warehouse-reader.ts'
import { dataRoles } from '../run/data-roles.ts'
import { formatRunId } from '../run/run-key.ts'
import type { Transition } from '../stages/validate/validation.ts'
import type { LiveEvidence, PipelineEvidence } from '../scorecard/evidence.ts'

/** What a pipeline's file says of it, and what the warehouse has of it. */
export async function gatherEvidence(definition: Definition, reader: WarehouseReader): Promise<PipelineEvidence> {
  const { pipeline, contact, notify = [] } = definition
  const { schedule, extract, activate = {}, publish, cluster } = pipeline
  return {
    pipeline: pipeline.pipeline,
    method: cluster.method,
    owner: pipeline.owner,
    contact,
    rhythm: schedule ? rhythmWords(schedule.refit) : null,
    roles: dataRoles.filter((role) => extract[role] !== undefined),
    features: groupedFeatures(pipeline),
    destinations: Object.keys(activate),
    holdout: publish.holdout?.share ?? null,
    channels: notify.length,
    live: await gatherLive(definition, reader),
  }
}

async function gatherLive({ pipeline }: Definition, reader: WarehouseReader): Promise<LiveEvidence | null> {
  const name = pipeline.pipeline
  const live = await reader.liveDefinition(name)
  const run = live && (await reader.describeRun(live.runKey, live.revision))
  if (!run || run.publishedAt === null) return null
  const segments = (await reader.segments(name)).filter(({ customers, level }) => customers > 0 && level === 0)
  const { staleAfter, publishedAts, decidedAts, money, kpis, plans } = await reader.record(name)
  const spent = money.reduce((sum, { total }) => sum + total, 0)
  const customers = segments.reduce((sum, segment) => sum + segment.customers, 0)
  return {
    run: formatRunId(run),
    publishedAt: run.publishedAt,
    asOf: run.asOf,
    staleAfter,
    moved: movedShare(run.transitions),
    segments: segments.map((segment) => ({
      segmentKey: segment.segmentKey,
      name: segment.name,
      isNamed: segment.name in pipeline.segments || NAMED_BY_DEFINITION.includes(pipeline.cluster.method),
      description: segment.description,
      owner: pipeline.segments[segment.name]?.owner ?? '',
      customers: segment.customers,
      share: segment.share,
    })),
    ...{ kpis, plans },
    publishedAts,
    candidates: run.modelSelection.length,
    decidedAts,
    syncs: run.syncs.flatMap(({ destination, finishedAt }) => (finishedAt ? [{ destination, finishedAt }] : [])),
    money:
      spent > 0
        ? {
            feature: money[0]!.feature,
            shares: money.map((one) => ({
              segmentKey: one.segmentKey,
              name: one.name,
              share: one.total / spent,
              ofCustomers: one.customers / customers,
            })),
          }
        : null,
  }
}

/** Of those who were there before and are there now; null: nobody was there before. */
function movedShare(transitions: readonly Transition[]): number | null {
  const stayed = transitions.filter(
    ({ fromSegmentKey, toSegmentKey }) => fromSegmentKey !== null && toSegmentKey !== null,
  )
  const count = (some: readonly Transition[]): number => some.reduce((sum, { customers }) => sum + customers, 0)
  const all = count(stayed)
  return all === 0 ? null : count(stayed.filter((one) => one.fromSegmentKey !== one.toSegmentKey)) / all
}

/** Methods whose segments have their names in the definition. */
const NAMED_BY_DEFINITION: readonly string[] = ['rules', 'tiers', 'rfm']
