import type { Pipeline } from '../plan/pipeline.ts'
import { quote } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** Levels are nested, so what one asks for must be possible within the one above. */
export function checkHierarchy(cluster: Pipeline['cluster']): readonly Finding[] {
  if (cluster.method !== 'hierarchy') return []
  const { levels } = cluster
  return levels.flatMap((level, i) => {
    const above = levels[i - 1]
    if (!above) return []
    const findings: Finding[] = []
    const refuse = (key: string, came: string, wanted: string): void => {
      findings.push({ path: ['cluster', 'levels', i, key], came, wanted })
    }
    if (levels.slice(0, i).some(({ name }) => name === level.name))
      refuse('name', quote(level.name), 'a name that no other level has')
    if (level.count <= above.count)
      refuse(
        'count',
        `${level.count} below a level of ${above.count}`,
        `more than ${above.count}: levels go from the coarsest to the finest`,
      )
    for (const key of ['minimumCustomers', 'minimumShare'] as const)
      if (level[key] > above[key])
        refuse(
          key,
          String(level[key]),
          `at most ${above[key]}, the minimum of the level above: groups lie within its groups`,
        )
    return findings
  })
}
