import { checkNumberColumn } from '../method-problem.ts'
import type { MethodProblem } from '../method-problem.ts'
import type { NearColumn, ReadableColumns } from '../readable-columns.ts'
import { dimensionOf, groupsOf, rfmDimensions } from './config.ts'
import type { RfmConfig } from './config.ts'
import { findGroupProblems } from './groups.ts'

/** Features that are not there or no numbers, cuts that do not fit the scores, weights that leave nothing, cells in two groups or none. */
export function findRfmProblems(
  config: RfmConfig,
  columns: ReadableColumns,
  nearColumns: (name: string) => NearColumn | null = () => null,
): readonly MethodProblem[] {
  const settings = rfmDimensions.map((name) => ({ name, ...dimensionOf(config, name) }))
  const pathOf = (name: (typeof rfmDimensions)[number], key: string): MethodProblem['path'] =>
    typeof config[name] === 'string' ? [name] : [name, key]
  return [
    ...settings.flatMap(({ name, feature }) =>
      checkNumberColumn(feature, pathOf(name, 'feature'), columns, nearColumns),
    ),
    ...settings.flatMap(({ name, cuts }) => (cuts ? checkCuts(cuts, config.scores, pathOf(name, 'cuts')) : [])),
    ...(settings.every(({ weight }) => weight === 0)
      ? [{ path: pathOf('recency', 'weight'), came: 'weights that are all 0', wanted: 'one or more above 0' }]
      : []),
    ...findGroupProblems(groupsOf(config), config.scores).map((problem) => ({
      ...problem,
      path: config.groups ? ['groups', ...problem.path] : ['scores'],
    })),
  ]
}

function checkCuts(cuts: readonly number[], scores: number, path: MethodProblem['path']): readonly MethodProblem[] {
  if (cuts.length !== scores - 1)
    return [{ path, came: `${cuts.length} cuts`, wanted: `${scores - 1}: one fewer than scores, ${scores}` }]
  const bad = cuts.findIndex((cut, index) => index > 0 && cut <= cuts[index - 1]!)
  return bad < 0
    ? []
    : [{ path: [...path, bad], came: `${cuts[bad]} after ${cuts[bad - 1]}`, wanted: 'cuts that rise' }]
}
