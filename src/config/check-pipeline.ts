import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import { measuresMargins } from '../run/margins.ts'
import { checkCleanse } from './check-cleanse.ts'
import { checkCluster } from './check-cluster.ts'
import { checkFeatures } from './check-features.ts'
import { checkGates } from './check-gates.ts'
import { checkLayers } from './check-layers.ts'
import { checkOverrides } from './check-overrides.ts'
import { checkPublishedFeatures } from './check-published-features.ts'
import { checkSchedule } from './check-schedule.ts'
import { checkSegments } from './check-segments.ts'
import { checkSensitive } from './check-sensitive.ts'
import { checkZone } from './check-zone.ts'
import { quote } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** What the keys of a pipeline must be to one another; a schema sees only one at a time. */
export function checkPipeline(fileName: string, pipeline: Pipeline, project: Project): readonly Finding[] {
  const zones = [
    ...checkZone(pipeline.timezone, ['timezone']),
    ...checkZone(pipeline.schedule?.timezone, ['schedule', 'timezone']),
  ]
  return [
    ...checkName(fileName, pipeline.pipeline),
    ...zones,
    ...checkOneZone(pipeline),
    ...checkSchedule(pipeline),
    ...checkCleanse(pipeline, project),
    ...checkFeatures(pipeline, project),
    ...checkSensitive(pipeline, project),
    ...checkPublishedFeatures(pipeline, project),
    ...checkLayers(pipeline, checkCluster),
    ...checkGates(fileName, pipeline.validate),
    ...checkMinimumChange(pipeline),
    ...checkPseudonyms(pipeline),
    ...checkSegments(fileName, pipeline),
    // Days begin in a zone, which is checked above.
    ...(zones.length === 0 ? checkOverrides(pipeline) : []),
  ]
}

function checkName(fileName: string, name: string): readonly Finding[] {
  if (fileName === name) return []
  return [
    {
      path: ['pipeline'],
      came: quote(name),
      wanted: `${fileName}, the file's name; or rename the file to ${name}.yaml`,
    },
  ]
}

function checkOneZone({ timezone, schedule }: Pipeline): readonly Finding[] {
  if (timezone === undefined || schedule === undefined || timezone === schedule.timezone) return []
  return [
    {
      path: ['timezone'],
      came: quote(timezone),
      wanted: `schedule.timezone, ${schedule.timezone}, or no timezone beside a schedule: run keys and schedule share one zone`,
    },
  ]
}

/** Without distances nobody can say how much a customer gains by going. */
function checkMinimumChange({ validate: { minimumChange }, cluster: { method } }: Pipeline): readonly Finding[] {
  if (minimumChange === 0 || measuresMargins({ method })) return []
  return [
    {
      path: ['validate', 'minimumChange'],
      came: `${minimumChange}, beside cluster.method ${method}`,
      wanted: 'kmeans, mixed or hierarchy, which measure distances to the next segment; or no minimumChange',
    },
  ]
}

/** Behind stage extract nobody has the id that a pattern was written for. */
function checkPseudonyms({ publish, cleanse }: Pipeline): readonly Finding[] {
  if (publish.customerIds === 'plain') return []
  return cleanse.flatMap((rule, index) =>
    rule.rule === 'testCustomers' && rule.pattern !== undefined
      ? [
          {
            path: ['cleanse', index, 'pattern'],
            came: `${quote(rule.pattern)}, beside publish.customerIds pseudonyms`,
            wanted: 'ids or when; or a source of extract.exclusions, which counts before ids become pseudonyms',
          },
        ]
      : [],
  )
}
