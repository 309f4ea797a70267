import type { ListedFeature, MissingData } from '../stages/features/list-features.ts'
import { textTable } from './text-table.ts'

/** The catalogue, one feature a line. */
export function featureList(features: readonly ListedFeature[]): readonly string[] {
  return textTable(
    [
      { title: 'Feature' },
      { title: 'Group' },
      { title: 'Type' },
      { title: 'Unit' },
      { title: 'Window' },
      { title: 'Transform' },
      { title: 'Needs' },
      { title: 'Meaning' },
    ],
    features.map((feature) => [
      feature.name,
      feature.group,
      feature.type,
      feature.unit,
      feature.window === 'any' ? 'any' : feature.window === 'fixed' ? 'its own' : 'none',
      feature.transform,
      needsText(feature),
      feature.meaning,
    ]),
  )
}

/** `transactions (category)`, with the settings that must be given. */
export function needsText({ needs, settings }: ListedFeature): string {
  const roles = Object.entries(needs).map(([role, columns]) =>
    columns.length === 0 ? role : `${role} (${columns.join(', ')})`,
  )
  const given = Object.keys(settings).filter((key) => key.endsWith('*'))
  return [...roles, ...given.map((key) => `setting ${key.slice(0, -1)}`)].join(', ')
}

/** What to gather, with a file to begin with for each role that is not read at all. */
export function missingList(
  pipeline: string,
  missing: readonly (MissingData & { readonly template: readonly string[] | null })[],
): readonly string[] {
  if (missing.length === 0) return [`${pipeline} reads all that the catalogue needs.`]
  const templates = new Map(missing.flatMap(({ role, template }) => (template ? [[role, template] as const] : [])))
  return [
    `${pipeline} cannot build these yet:`,
    ...missing.flatMap(({ role, isRead, columns, features }) => [
      '',
      isRead
        ? `Map ${columns.join(', ')} in a source of ${role}:`
        : `Add a source for extract.${role}${columns.length === 0 ? '' : ` that maps ${columns.join(', ')}`}:`,
      `  ${features.join(', ')}`,
    ]),
    ...[...templates].flatMap(([role, lines]) => [
      '',
      `${role}.csv to begin with:`,
      ...lines.map((line) => `  ${line}`),
    ]),
  ]
}
