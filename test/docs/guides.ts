/** Guides that show parts of definitions, and no commands. */
export const EXPLAINING_GUIDES = [
  'docs/guides/cleansing.md',
  'docs/guides/comparison.md',
  'docs/guides/features.md',
  'docs/guides/gates.md',
  'docs/guides/identity.md',
  'docs/guides/kpis.md',
  'docs/guides/methods/hierarchy.md',
  'docs/guides/methods/mixed.md',
  'docs/guides/methods/mixture.md',
  'docs/guides/methods/rfm.md',
  'docs/guides/methods/rules.md',
  'docs/guides/methods/tiers.md',
  'docs/guides/methods/predictive.md',
  'docs/guides/schedules.md',
  'docs/guides/notifications.md',
  'docs/guides/sources.md',
]
