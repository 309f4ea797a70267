import { CLEANSE_VERSION } from '../stages/cleanse/compile-cleanse.ts'
import { CLUSTER_VERSION } from '../stages/cluster/model.ts'
import { EXTRACT_VERSION } from '../stages/extract/shards.ts'
import { FEATURES_VERSION } from '../stages/features/compile-features.ts'
import { VALIDATE_VERSION } from '../stages/validate/published-model.ts'
import type { ComputedStage } from '../run/verification.ts'

/** What each stage means in this version: where one is raised, the same inputs may give something else. */
export const stageVersions: Readonly<Record<ComputedStage, number>> = {
  extract: EXTRACT_VERSION,
  cleanse: CLEANSE_VERSION,
  features: FEATURES_VERSION,
  cluster: CLUSTER_VERSION,
  validate: VALIDATE_VERSION,
}
