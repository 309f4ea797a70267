import { formatShare } from '../../run/figures.ts'

/** Below it a cluster is not to be trusted (Hennig 2007, `clusterboot` of the R package fpc). */
export const TRUSTED_JACCARD = 0.6
/** From here on a clustering predicts where others of the same customers would fall (Tibshirani & Walther 2005). */
export const PREDICTING_STRENGTH = 0.8

/** Nothing is chosen where the pipeline asks for one count. */
const ONLY_ONE = 'The only count that was tried, as the pipeline asks.'

/** What is known of a count of clusters that was tried. */
export interface CountEvidence {
  readonly clusterCount: number
  /** Share of the fitted customers in the smallest cluster. */
  readonly smallestShare: number
  /** Mean silhouette width over a sample; null when it could not be computed, as with the others. */
  readonly silhouette: number | null
  /** Of the least stable cluster. */
  readonly minimumJaccard: number | null
  readonly predictionStrength: number | null
}

export interface ChoiceRules {
  /** Share that the smallest cluster should have. */
  readonly minimumShare: number
  /** Clusters of the live model; null without one. */
  readonly previousCount: number | null
  /** By how much another count has to be better than the previous one. */
  readonly margin: number
}

export interface Choice {
  /** Of the chosen count. */
  readonly index: number
  /** One a count: why it was chosen, or what speaks against it. */
  readonly reasons: readonly string[]
}

/** How far a count comes: 0 predicts, 1 has clusters that are large and stable enough, 2 large enough, 3 neither. */
type Tier = 0 | 1 | 2 | 3

/**
 * Chooses the count of clusters. Counts that predict come first, among them the largest (the rule of Tibshirani & Walther); then those whose
 * clusters are large and stable enough, then the rest, each by silhouette, of equals the smaller count. The previous count stays, unless
 * another one comes further though the previous one is given the margin, gains more than the margin in silhouette, or has more clusters
 * and predicts with more than 0.8 and the margin: then a group is new.
 *
 * @param tried at least one
 */
export function chooseCandidate(tried: readonly CountEvidence[], rules: ChoiceRules): Choice {
  const tiers = tried.map((evidence) => tierOf(evidence, rules, 0))
  let best = 0
  for (let i = 1; i < tried.length; i++) if (isBetter(i, best, tried, tiers)) best = i
  const previous = tried.findIndex(({ clusterCount }) => clusterCount === rules.previousCount)
  const gain = previous < 0 ? Infinity : widthOf(tried[best]!) - widthOf(tried[previous]!)
  const stays =
    previous >= 0 &&
    previous !== best &&
    tierOf(tried[previous]!, rules, rules.margin) <= tiers[best]! &&
    !(gain > rules.margin) &&
    !isNewGroup(tried[best]!, tried[previous]!, tiers[best]!, rules.margin)
  const index = stays ? previous : best
  return {
    index,
    reasons: tried.map((evidence, i) => {
      if (i !== index) return objection(evidence, rules, tiers[i]!)
      if (tried.length === 1) return ONLY_ONE
      return stays ? keptReason(tried[best]!, gain, rules.margin) : chosenReason(tiers[i]!)
    }),
  }
}

function isNewGroup(best: CountEvidence, previous: CountEvidence, tier: Tier, margin: number): boolean {
  if (tier !== 0 || best.clusterCount <= previous.clusterCount) return false
  return best.predictionStrength! >= PREDICTING_STRENGTH + margin
}

function tierOf(evidence: CountEvidence, { minimumShare }: ChoiceRules, bonus: number): Tier {
  if (evidence.smallestShare < minimumShare) return 3
  if ((evidence.minimumJaccard ?? 1) + bonus < TRUSTED_JACCARD) return 2
  return (evidence.predictionStrength ?? 0) + bonus < PREDICTING_STRENGTH ? 1 : 0
}

function isBetter(a: number, b: number, tried: readonly CountEvidence[], tiers: readonly Tier[]): boolean {
  if (tiers[a] !== tiers[b]) return tiers[a]! < tiers[b]!
  const more = tried[a]!.clusterCount - tried[b]!.clusterCount
  if (tiers[a] === 0) return more > 0
  const wider = widthOf(tried[a]!) - widthOf(tried[b]!)
  return wider === 0 || Number.isNaN(wider) ? more < 0 : wider > 0
}

function widthOf({ silhouette }: CountEvidence): number {
  return silhouette ?? -Infinity
}

function chosenReason(tier: Tier): string {
  switch (tier) {
    case 0:
      return `Chosen: the most clusters with a prediction strength of ${PREDICTING_STRENGTH} or more.`
    case 1:
      return 'Chosen: the largest silhouette of the counts whose clusters are large and stable enough.'
    case 2:
      return `Chosen: no count has only clusters with a Jaccard overlap of ${TRUSTED_JACCARD} or more; of those large enough it has the largest silhouette.`
    case 3:
      return 'Chosen: every count has a cluster that is too small; it has the largest silhouette.'
  }
}

function keptReason(best: CountEvidence, gain: number, margin: number): string {
  const words = gain > 0 ? `would gain only ${gain.toFixed(3)} in silhouette` : `are better by less than the margin`
  return `Kept, as the live model has it: ${best.clusterCount} clusters ${words}; the margin is ${margin}.`
}

function objection(evidence: CountEvidence, { minimumShare }: ChoiceRules, tier: Tier): string {
  const { smallestShare, minimumJaccard, predictionStrength } = evidence
  switch (tier) {
    case 3:
      return `Its smallest cluster has ${formatShare(smallestShare)} of the customers, less than ${formatShare(minimumShare)}.`
    case 2:
      return `Its least stable cluster has a Jaccard overlap of ${minimumJaccard!.toFixed(2)}, less than ${TRUSTED_JACCARD}.`
    case 1:
      return predictionStrength === null
        ? 'Passes; its silhouette is smaller.'
        : `Passes; its prediction strength is ${predictionStrength.toFixed(2)}.`
    case 0:
      return `Passes, and predicts with ${predictionStrength!.toFixed(2)}; another has more clusters.`
  }
}
