import type { NoticeActivities } from '../../src/activities/notice-activities.ts'
import type { ErasureActivities } from '../../src/activities/erasure-activities.ts'
import type { ReviewActivities } from '../../src/activities/review-activities.ts'
import type { SyncActivities } from '../../src/activities/sync-activities.ts'
import type { Activities, RunEdge, StageOutput } from '../../src/activities/activities.ts'
import { lastPeriodEnd, resolveAsOf } from '../../src/plan/period.ts'
import { planRun } from '../../src/plan/plan-run.ts'
import type { LiveFeatures } from '../../src/plan/run-plan.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'
import type { ComparisonPages } from '../../src/run/comparison-pages.ts'
import type { TakenDecision } from '../../src/run/decision.ts'
import type { RunOccasion } from '../../src/run/run-occasion.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { EarlierStages } from '../../src/run/stage-durations.ts'
import type { StageName } from '../../src/run/stage.ts'
import type { GateOutcome } from '../../src/run/verdict.ts'

export interface StubOptions {
  /** Activities of reviews, as the test has them. */
  readonly review?: ReviewActivities
  /** Activities of syncs, as the test has them. */
  readonly sync?: SyncActivities
  /** Sends notices, as the test has it. */
  readonly notices?: NoticeActivities
  readonly erasure?: ErasureActivities
  readonly shardCount?: number
  readonly verdict?: GateOutcome
  /** What the customers as the live model places them get; absent: it can't. */
  readonly byLiveModel?: GateOutcome
  /** Absent: the definition asks for what the live model reads. */
  readonly liveFeatures?: LiveFeatures
  /** Absent: as where they could not be read. */
  readonly earlierStages?: EarlierStages
  /** What reading the sources took. Default: 0.4 */
  readonly extractSeconds?: number
  /** Of what validate finds. */
  readonly digest?: () => string
  /** Called before an activity answers; what it throws, the activity throws. */
  readonly before?: (name: keyof Activities, args: readonly unknown[]) => void | Promise<void>
}

export interface Stubs {
  readonly activities: Activities
  /** Names of activities in the order of their calls; shard activities as `cleanseShard 2`. */
  readonly calls: string[]
  readonly edges: RunEdge[]
  /** The approval that each publication came with, if any. */
  readonly approvals: (TakenDecision | undefined)[]
  /** After which time people were reminded. */
  readonly reminders: string[]
  /** What people would have been told. */
  readonly announced: readonly { readonly status: RunStatus; readonly occasion: RunOccasion }[]
  /** Digests of what was published. */
  readonly published: string[]
}

/** Activities that answer at once, and remember that they were called. */
export function makeStubs({
  shardCount = 1,
  verdict: ofCandidate = 'pass',
  byLiveModel,
  liveFeatures,
  earlierStages,
  extractSeconds = 0.4,
  digest,
  before,
}: StubOptions = {}): Stubs {
  const calls: string[] = []
  const edges: RunEdge[] = []
  const approvals: (TakenDecision | undefined)[] = []
  const reminders: string[] = []
  const published: string[] = []
  const announced: Stubs['announced'][number][] = []
  const answers: Activities = {
    planRun: async (input, { workflowId, scheduledStart, likeAsOf }) => ({
      ...planRun({
        definition: input.definition,
        asOf: input.asOf
          ? resolveAsOf(input.definition.pipeline, input.asOf)
          : scheduledStart
            ? lastPeriodEnd(input.definition.pipeline, scheduledStart, input.options?.kind)
            : likeAsOf!,
        revision: input.revision === 'next' ? 7 : (input.revision ?? 1),
        options: input.options,
        workflowId,
        codeVersion: 'test',
      }),
      ...(liveFeatures && { liveFeatures }),
      ...(earlierStages && { earlierStages }),
    }),
    recordRun: async (_plan, edge) => void edges.push(edge),
    remind: async (_plan, waited) => void reminders.push(waited),
    announce: async (_definition, status, occasion) => void announced.push({ status, occasion }),
    extractSources: async () => ({ ...output('extract'), seconds: extractSeconds, shardCount }),
    planCleanse: async () => undefined,
    cleanseShard: async () => undefined,
    cleanseCustomers: async () => output('cleanse'),
    buildFeaturesShard: async () => undefined,
    buildFeatures: async () => output('features'),
    fitClusters: async () => ({ kernel: 'fast', refit: null }),
    placeShard: async () => undefined,
    clusterCustomers: async () => output('cluster'),
    validateAgainstPublished: async ({ options }) => {
      const isByLiveModel = options.refit === 'never'
      const verdict = (isByLiveModel ? byLiveModel : ofCandidate)!
      return {
        ...output('validate', isByLiveModel ? DIGEST_BY_LIVE_MODEL : digest?.()),
        verdict,
        canUseLiveModel: !isByLiveModel && byLiveModel !== undefined,
        checks: [
          {
            ...{ gate: 'membershipChurn', value: 0.4, outcome: verdict, message: '40 % moved.' },
            threshold: verdict === 'pass' ? null : 'above 0.35',
          },
        ],
        segments: [{ segmentKey: 'shop-1', name: 'Champions', customers: 100, share: 1 }],
        pages: pagesAt(isByLiveModel ? 'by-live-model' : 'candidate'),
        customers: 100,
        panel: 90,
        moved: 36,
        moves: {
          largest: [
            {
              ...{ from: 'Lapsed', to: 'Champions', fromSegmentKey: 'shop-2', toSegmentKey: 'shop-1' },
              ...{ moveReason: 'behaviour', customers: 36 },
            },
          ],
          otherCustomers: 0,
        },
        remarks: [],
        lineage: [
          {
            ...{ fromSegmentKey: 'shop-2', toSegmentKey: 'shop-1', kind: 'absorbed' },
            ...{ overlap: 0.4, parentShare: 0.75, childShare: 0.5 },
          },
        ],
      }
    },
    publishSegmentation: async (_plan, { contentDigest }, _stages, decision) => {
      published.push(contentDigest)
      approvals.push(decision)
      const { counts, seconds } = output('publish')
      return { counts, seconds, manifestUri: 's3://bucket/manifest.json', publicationId: 1 }
    },
  }
  const activities = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      async (...args: unknown[]): Promise<unknown> => {
        calls.push(/Shard$/.test(name) ? `${name} ${String(args[2])}` : name)
        await before?.(name as keyof Activities, args)
        return (answer as (...args: unknown[]) => Promise<unknown>)(...args)
      },
    ]),
  ) as unknown as Activities
  return { activities, calls, edges, approvals, reminders, published, announced }
}

/** Of the customers as the live model places them. */
export const DIGEST_BY_LIVE_MODEL = 'digest-by-live-model'

/** As long as such addresses are. */
function pagesAt(name: string): ComparisonPages {
  const page = `s3://acme-segments/artifacts/prod/shop/shop@2026-10-01~1/validate-0123456789abcdef/comparison_page-${name}`
  return { html: `${page}.html`, markdown: `${page}.md` }
}

export function digestOfStage(stage: StageName): string {
  return `digest-of-${stage}`
}

function output(stage: StageName, contentDigest = digestOfStage(stage)): StageOutput {
  const ref: ArtifactRef = {
    stage,
    uri: `file:///artifacts/${stage}`,
    contentDigest,
    rowCount: 100,
  }
  return { ref, counts: { stage, rowsIn: 100, rowsOut: 100, rejected: 0 }, seconds: 0.4 }
}
