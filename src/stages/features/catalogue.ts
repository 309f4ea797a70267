import { behaviourFeatures } from './catalogue/behaviour.ts'
import { campaignFeatures } from './catalogue/campaign.ts'
import { demographicFeatures } from './catalogue/demographic.ts'
import { engagementFeatures } from './catalogue/engagement.ts'
import type { CatalogueEntry } from './catalogue/entry.ts'
import { firmographicFeatures } from './catalogue/firmographic.ts'
import { forecastFeatures } from './catalogue/forecasts.ts'
import { lifecycleFeatures } from './catalogue/lifecycle.ts'
import { needsFeatures } from './catalogue/needs.ts'
import { repeatBuyingFeatures } from './catalogue/repeat-buying.ts'
import { potentialFeatures } from './catalogue/potential.ts'
import { valueFeatures } from './catalogue/value.ts'

/** Every feature there is, in the order of the reference. */
export const entries: readonly CatalogueEntry[] = [
  ...valueFeatures,
  ...behaviourFeatures,
  ...repeatBuyingFeatures,
  ...lifecycleFeatures,
  ...forecastFeatures,
  ...engagementFeatures,
  ...demographicFeatures,
  ...firmographicFeatures,
  ...needsFeatures,
  ...potentialFeatures,
  ...campaignFeatures,
]

export const featureNames: readonly string[] = entries.map(({ name }) => name)

/** Name → entry. */
export const catalogue: Readonly<Partial<Record<string, CatalogueEntry>>> = Object.fromEntries(
  entries.map((entry) => [entry.name, entry]),
)
