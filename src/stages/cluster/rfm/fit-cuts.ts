import { ConstantFeatures } from '../../../errors/constant-features.ts'
import { quoteName } from '../../../sql/sql-text.ts'
import { quantilesOfCounts } from '../../../stats/quantile-of-counts.ts'
import type { ValueCounts } from '../value-counts.ts'
import { dimensionOf, groupsOf, rfmDimensions } from './config.ts'
import type { RfmConfig, RfmDimension } from './config.ts'
import type { RfmParameters, ScoredDimension } from './place-scores.ts'

/** Group of those who are not scored. */
const UNSCORED = { key: 'not_scored', name: 'Not scored' }

/** Customers who have all three values: with `missing: apart` the only ones whose quantiles count. */
export function compileScored(relation: string, config: RfmConfig): string {
  const known = rfmDimensions.map((name) => `${quoteName(dimensionOf(config, name).feature)} IS NOT NULL`)
  return `(SELECT * FROM ${relation} WHERE ${known.join(' AND ')})`
}

/** Dimensions whose cuts are quantiles of this run: neither fixed nor anchored. */
export function dimensionsToFit(config: RfmConfig, live: RfmParameters | null): readonly RfmDimension[] {
  return rfmDimensions.filter((name) => dimensionOf(config, name).cuts === null && !anchorOf(config, name, live))
}

/**
 * The cut points of each dimension: fixed, those of the live model when they are anchored and mean the same, else the quantiles 1/n, 2/n …
 * of all customers.
 *
 * @param counts values of the dimensions of `dimensionsToFit`
 * @param unscoredCount customers without one of the values
 * @throws ConstantFeatures when no quantile tells anybody apart
 */
export function fitCuts(
  config: RfmConfig,
  counts: Readonly<Partial<Record<RfmDimension, ValueCounts>>>,
  live: RfmParameters | null,
  unscoredCount: number,
): RfmParameters {
  assertScorable(config, counts)
  const scored = (name: RfmDimension): ScoredDimension => {
    const { feature, weight, cuts } = dimensionOf(config, name)
    if (cuts) return { feature, weight, cuts, cutsFrom: 'fixed' }
    const anchor = anchorOf(config, name, live)
    if (anchor) return { feature, weight, cuts: anchor.cuts, cutsFrom: 'anchored' }
    return { feature, weight, cuts: quantileCuts(counts[name]!, config.scores), cutsFrom: 'quantiles' }
  }
  return {
    method: 'rfm',
    scores: config.scores,
    dimensions: { recency: scored('recency'), frequency: scored('frequency'), monetary: scored('monetary') },
    groups: groupsOf(config),
    unscored: config.missing === 'apart' && unscoredCount > 0 ? UNSCORED : null,
    flagsMissing: config.missing === 'apart',
  }
}

function assertScorable(config: RfmConfig, counts: Readonly<Partial<Record<RfmDimension, ValueCounts>>>): void {
  const remedy =
    'Check the features that cluster.recency, frequency and monetary name and the mapped columns behind them; then rerun.'
  const features = rfmDimensions.map((name) => dimensionOf(config, name).feature)
  const fitted = Object.values(counts)
  if (fitted.some(({ values }) => values.length === 0))
    throw new ConstantFeatures(
      config.missing === 'apart'
        ? `No customer has all of ${features.join(', ')}: there is nobody to score.`
        : `No customer has a value of ${features.find((_, index) => counts[rfmDimensions[index]!]?.values.length === 0)!}: there is nothing to score by.`,
      remedy,
    )
  if (fitted.length === rfmDimensions.length && fitted.every(({ values }) => values.length < 2))
    throw new ConstantFeatures(
      `All customers have the same ${features.join(', ')}: there is nothing to score them by.`,
      remedy,
    )
}

function quantileCuts({ values, customers }: ValueCounts, scores: number): readonly number[] {
  const shares = Array.from({ length: scores - 1 }, (_, index) => (index + 1) / scores)
  return quantilesOfCounts(values, customers, shares)
}

/** The published dimension whose cuts stay, if they are asked for and score the same feature alike. */
function anchorOf(config: RfmConfig, name: RfmDimension, live: RfmParameters | null): ScoredDimension | null {
  if (config.cuts !== 'anchored' || live === null || live.scores !== config.scores) return null
  const published = live.dimensions[name]
  return published.feature === dimensionOf(config, name).feature ? published : null
}
