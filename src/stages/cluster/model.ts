import type { Clusterability } from '../../stats/measure-clusterability.ts'
import type { FittedTransforms } from '../features/transform.ts'
import type { HierarchyParameters } from './hierarchy/parameters.ts'
import type { HybridParameters } from './hybrid/parameters.ts'
import type { KMeansParameters } from './kmeans/parameters.ts'
import type { MixedParameters } from './mixed/parameters.ts'
import type { MixtureParameters } from './mixture/parameters.ts'
import type { PredictiveParameters } from './predictive/parameters.ts'
import type { MethodName } from './config.ts'
import type { RfmParameters } from './rfm/place-scores.ts'
import type { RulesParameters } from './rules/parameters.ts'
import type { TierParameters } from './tiers/fit-tiers.ts'

/** Raised whenever the meaning of the stage changes. */
export const CLUSTER_VERSION = 4

/** A count of clusters that was tried, or a forecast, as `Validation.modelSelection` has it. */
export interface ModelCandidate {
  readonly method: string
  readonly clusterCount: number
  readonly silhouette: number | null
  /** Null: the method measures no distances. */
  readonly inertia: number | null
  /** Share of the fitted sample in the smallest cluster; null: not counted. */
  readonly smallestShare: number | null
  /** Bayesian information criterion, lower is better; of methods that have a likelihood. */
  readonly bic?: number | null
  readonly logLikelihood?: number | null
  /** Of a forecast, on the last horizon: root mean square error of the purchases of a customer. */
  readonly backTestError?: number | null
  readonly chosen: boolean
  /** Caliński–Harabasz, larger is better; absent or null, as with the others: not computed. */
  readonly calinskiHarabasz?: number | null
  /** Davies–Bouldin, smaller is better. */
  readonly daviesBouldin?: number | null
  /** Whether the clusters of half the customers predict those of the other half, 0 to 1. */
  readonly predictionStrength?: number | null
  /** Mean Jaccard overlap over bootstrap samples of the cluster that comes back least, 0 to 1. */
  readonly minimumJaccard?: number | null
  /** `warm`: from where the live model has its clusters, and no cold start was better. */
  readonly start?: 'warm' | 'cold' | null
  /** Why it was chosen, or what speaks against it. */
  readonly reason?: string | null
}

/** What a fit found out about its customers and its clusters. */
export interface ModelEvidence {
  readonly clusterability: Clusterability
  /** Mean Jaccard overlap over bootstrap samples, by cluster number; null: not computed. */
  readonly jaccards: readonly (number | null)[]
  readonly predictionStrength: number | null
}

/** What is known of a cluster besides its members. */
export interface ModelCluster {
  /** A name that lasts by definition (`champions`): the cluster is the segment of that name, whoever is in it. Null: its members say. */
  readonly ownKey: string | null
  /** The name that the method gives it; null: it is named after its profile. */
  readonly name: string | null
  /** Who belongs to it, in words; null: its profile says. */
  readonly criteria: string | null
  /** 0: customers are in it first of all; 1: it holds clusters of level 0, and so on. */
  readonly level: number
  /** Number of the cluster of the next level that holds it. */
  readonly parent: number | null
  /** Layer of a hybrid that made it. Absent: no one layer did. */
  readonly layer?: string
  /** Of a combination of layers: the numbers of the layers' clusters. Absent: it is none. */
  readonly parts?: readonly number[]
}

/** What placing needs, by method. */
export type MethodParameters =
  | HierarchyParameters
  | KMeansParameters
  | MixedParameters
  | MixtureParameters
  | PredictiveParameters
  | RfmParameters
  | RulesParameters
  | TierParameters
  | HybridParameters<LayerModel>

/** What a method says of customers beside the cluster each is in. */
export interface ModelOutputs {
  /** What places a customer: names for `Placed.layer`. */
  readonly layers: readonly string[]
  /** What `Placed.scores` are. */
  readonly scores: readonly { readonly name: string; readonly unit: string }[]
  /** What further memberships are: those of `Placed.also`. */
  readonly also: readonly { readonly layer: string }[]
  /** What `Placed.reasons` name. */
  readonly reasons: readonly string[]
}

/** Everything needed to describe clusters and to place a customer: document `model` of the cluster stage. JSON. */
export interface ClusterModel extends ModelOutputs {
  readonly formatVersion: 2
  readonly method: MethodName
  /** What segments are described by, in the order of their names. */
  readonly features: FittedTransforms
  /** Of all clusters, those of other levels and layers among them. */
  readonly clusterCount: number
  /** One a cluster number. */
  readonly clusters: readonly ModelCluster[]
  /** Customers the model was fitted on. */
  readonly fittedCustomers: number
  readonly candidates: readonly ModelCandidate[]
  /** Absent: the method does not look for groups. */
  readonly evidence?: ModelEvidence
  /** The method that was asked for, when this one is its fallback. */
  readonly insteadOf?: { readonly method: MethodName; readonly reason: string }
  readonly parameters: MethodParameters
}

/** The model of a layer of another model; features null: those of the whole. */
export interface LayerModel extends Omit<ClusterModel, 'features'> {
  readonly features: FittedTransforms | null
}

/** A model as a publication keeps it; null for one of another version. */
export function asClusterModel(kept: unknown): ClusterModel | null {
  const model = kept as Partial<ClusterModel> | null
  return model?.formatVersion === 2 ? (model as ClusterModel) : null
}

/** Clusters of the published model that customers are in first of all; null where it is none of this method. */
export function publishedCount(live: ClusterModel | null, method: MethodName): number | null {
  return live?.method === method ? live.clusters.filter(({ level }) => level === 0).length : null
}

/** A cluster that is known by its members only, as k-means makes them. */
export const PLAIN_CLUSTER: ModelCluster = { ownKey: null, name: null, criteria: null, level: 0, parent: null }
