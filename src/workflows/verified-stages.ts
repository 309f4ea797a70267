import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow'
import type { Activities, ExtractOutput, ValidatedRefs } from '../activities/activities.ts'
import type { PlannedVerification } from '../activities/verify-activities.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import { inShards } from './in-shards.ts'
import { buildLiveFeatures } from './live-features.ts'

export interface VerifyingActivities {
  readonly quick: Activities
  readonly heavy: Activities
  /** Under names of their own. */
  readonly heavyOfLiveModel: Activities
}

/** The stages of a finished run once more: the same activities with what it recorded. */
export class VerifiedStages {
  private readonly planned: PlannedVerification
  private readonly activities: VerifyingActivities
  private shards: number

  constructor(planned: PlannedVerification, activities: VerifyingActivities) {
    this.planned = planned
    this.activities = activities
    this.shards = planned.shards
  }

  async extract(): Promise<ExtractOutput> {
    const output = await this.activities.quick.extractSources(this.planned.plan)
    this.shards = output.shardCount
    return output
  }

  async cleanse(raw: ArtifactRef): Promise<ArtifactRef> {
    const { shards, activities, planned } = this
    const { plan } = planned
    if (plan.definition.pipeline.cleanse.some(({ rule }) => rule === 'outliers'))
      await activities.heavy.planCleanse(plan, raw, shards)
    await inShards(shards, (shard) => activities.heavy.cleanseShard(plan, raw, shard, shards))
    return (await activities.heavy.cleanseCustomers(plan, raw, shards)).ref
  }

  /** The same, unless what was read is not whole any more. */
  async cleanseIfKept(raw: ArtifactRef): Promise<ArtifactRef | null> {
    try {
      return await this.cleanse(raw)
    } catch (error) {
      const cause = error instanceof ActivityFailure ? error.cause : undefined
      const type = cause instanceof ApplicationFailure ? cause.type : undefined
      if (type === 'ArtifactMissing' || type === 'ArtifactDigestMismatch') return null
      throw error
    }
  }

  async features(clean: ArtifactRef): Promise<ArtifactRef> {
    const { shards, activities, planned } = this
    const { plan, fitsFeatures } = planned
    // Whom the live model placed in the end had features that were built for a model of their own.
    const own = fitsFeatures ? ({ ...plan, options: { ...plan.options, refit: 'always' } } as const) : plan
    await inShards(shards, (shard) => activities.heavy.buildFeaturesShard(own, clean, shard, shards))
    return (await activities.heavy.buildFeatures(own, clean, shards)).ref
  }

  async cluster(features: ArtifactRef): Promise<ArtifactRef> {
    const { shards, activities, planned } = this
    const { plan } = planned
    const fit = await activities.heavy.fitClusters(plan, features, shards)
    await inShards(shards, (shard) => activities.heavy.placeShard(plan, features, shard, shards, fit))
    return (await activities.heavy.clusterCustomers(plan, features, shards, fit)).ref
  }

  async validate(refs: Omit<ValidatedRefs, 'live'>): Promise<ArtifactRef> {
    const { shards, activities, planned } = this
    const { plan } = planned
    const live =
      planned.refs.live &&
      (await buildLiveFeatures({ inShards }, activities.heavyOfLiveModel, plan, refs.clean, shards))
    return (await activities.heavy.validateAgainstPublished(plan, { ...refs, ...(live && { live }) })).ref
  }
}
