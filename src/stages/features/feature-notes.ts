import type { Diagnostics } from './diagnostics.ts'
import type { FeatureFindings } from './feature-checks.ts'
import type { FittedTransform, FittedTransforms } from './transform.ts'

/** What the stage found out about its features: part of its summary. */
export interface FoundFeatures {
  readonly findings: FeatureFindings
  readonly dropped: FittedTransforms['dropped']
  readonly diagnostics: Diagnostics
  readonly forecasts: Readonly<Record<string, string>>
}

/** What people should know of a feature before they cluster by it. */
export function notesOf(
  feature: string,
  { findings, dropped, diagnostics, forecasts }: FoundFeatures,
  fitted: FittedTransform | undefined,
): readonly string[] {
  const twin = findings.nearDuplicates.find((one) => one.feature === feature)
  const figures = Object.entries(diagnostics[feature] ?? {})
  return [
    ...(findings.constant.includes(feature)
      ? [`constant: no customer differs in it${fitted?.kind === 'number' ? ', once clamped' : ''}`]
      : []),
    ...(twin ? [`near-duplicate of ${twin.as}: correlation ${twin.correlation.toFixed(3)}`] : []),
    ...(dropped.some(({ name }) => name === feature) ? ['left out of the clustering'] : []),
    ...(fitted?.kind === 'number' && fitted.flag ? ['a null is told apart by a flag'] : []),
    ...(forecasts[feature] === undefined ? [] : [forecasts[feature]]),
    ...figures.map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(2)}`),
  ]
}
