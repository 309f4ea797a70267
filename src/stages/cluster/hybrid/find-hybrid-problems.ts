import type { MethodProblem } from '../method-problem.ts'
import type { NearColumn, ReadableColumns } from '../readable-columns.ts'
import { findConditionProblem } from './claims.ts'
import type { HybridConfig } from './config.ts'
import { RESERVED_LAYERS } from './config.ts'

/** What is wrong with layers beside what is wrong within each of them. */
export function findHybridProblems(
  config: HybridConfig,
  columns: ReadableColumns,
  nearColumns?: (name: string) => NearColumn | null,
): readonly MethodProblem[] {
  const { combine, layers } = config
  return [
    ...layers.flatMap(({ name }, index) => checkLayerName(name, index, layers)),
    ...(combine === 'cross' ? checkCross(config) : checkPrecedence(config)),
    ...layers.flatMap(({ when }, index): readonly MethodProblem[] => {
      if (when === undefined) return []
      const problem = findConditionProblem(when, ['layers', index, 'when'], columns, nearColumns)
      return problem ? [problem] : []
    }),
  ]
}

function checkLayerName(name: string, index: number, layers: HybridConfig['layers']): readonly MethodProblem[] {
  const path = ['layers', index, 'name']
  if (RESERVED_LAYERS.includes(name))
    return [{ path, came: `"${name}"`, wanted: `another name: "${name}" tells memberships of another kind` }]
  const first = layers.findIndex((other) => other.name === name)
  if (first === index) return []
  return [{ path, came: `"${name}", again`, wanted: 'a name of its own for every layer' }]
}

function checkPrecedence({ layers, minimumSize, pooled }: HybridConfig): readonly MethodProblem[] {
  const ofCross = Object.entries({ minimumSize, pooled }).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [
          {
            path: [key],
            came: String(value),
            wanted: 'no such key with combine: precedence; it is one of combine: cross',
          },
        ],
  )
  const last = layers.length - 1
  return [
    ...ofCross,
    ...layers.flatMap(({ name, method, when }, index): readonly MethodProblem[] => {
      if (index === last && when !== undefined)
        return [
          {
            path: ['layers', index, 'when'],
            came: `a condition of ${name}, the last layer`,
            wanted: 'none: somebody must take the customers that are left',
          },
        ]
      if (index < last && when === undefined && method !== 'rules')
        return [
          {
            path: ['layers', index],
            came: `layer ${name} without a condition, which takes everybody`,
            wanted: `when, so that somebody is left for ${layers[index + 1]!.name}`,
          },
        ]
      return []
    }),
  ]
}

function checkCross({ layers }: HybridConfig): readonly MethodProblem[] {
  return layers.flatMap(({ name, when }, index): readonly MethodProblem[] =>
    when === undefined
      ? []
      : [
          {
            path: ['layers', index, 'when'],
            came: `a condition of ${name}`,
            wanted: 'none with combine: cross, where every layer groups everybody',
          },
        ],
  )
}
