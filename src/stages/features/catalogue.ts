import type { FeatureName } from './config.ts'

export type FeatureUnit = 'days' | 'count' | 'money'

interface CatalogueEntry {
  /** `money` is in the source's currency. */
  readonly unit: FeatureUnit
  readonly transform: 'log1p' | 'none'
  /** Canonical column that must be mapped, besides those every source has. */
  readonly needs?: 'product' | 'category'
  /** Fixed: the feature brings its own windows, another one would change what it means. */
  readonly window?: 'fixed'
}

/** What each feature is; skewed amounts, counts and waits default to log1p. */
export const catalogue: Readonly<Record<FeatureName, CatalogueEntry>> = {
  recency: { unit: 'days', transform: 'log1p' },
  frequency: { unit: 'count', transform: 'log1p' },
  monetary: { unit: 'money', transform: 'log1p' },
  averageOrderValue: { unit: 'money', transform: 'log1p' },
  gapMean: { unit: 'days', transform: 'log1p' },
  gapDeviation: { unit: 'days', transform: 'log1p' },
  tenure: { unit: 'days', transform: 'none', window: 'fixed' },
  distinctProducts: { unit: 'count', transform: 'log1p', needs: 'product' },
  distinctCategories: { unit: 'count', transform: 'log1p', needs: 'category' },
  trend: { unit: 'money', transform: 'log1p', window: 'fixed' },
}

export const featureUnits: Readonly<Record<FeatureName, FeatureUnit>> = Object.fromEntries(
  Object.entries(catalogue).map(([name, { unit }]) => [name, unit]),
) as Record<FeatureName, FeatureUnit>
