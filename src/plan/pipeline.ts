import { z } from 'zod'
import { cleanseConfig } from '../stages/cleanse/config.ts'
import { clusterConfig } from '../stages/cluster/config.ts'
import { kpisConfig, objectiveConfig } from '../kpi/config.ts'
import { extractConfig } from '../stages/extract/config.ts'
import { featureChecksConfig, featuresConfig } from '../stages/features/config.ts'
import { activateConfig } from '../stages/publish/activation/config.ts'
import { publishConfig } from '../stages/publish/config.ts'
import { validateConfig } from '../stages/validate/config.ts'
import { playbookConfig } from '../stages/validate/playbook/config.ts'
import { overridesConfig } from '../stages/validate/overrides-config.ts'
import { reviewConfig } from './review-config.ts'
import { scheduleConfig } from './schedule.ts'

/** `pipelines/<pipeline>.yaml`: one segmentation. */
export const pipelineConfig = z
  .strictObject({
    pipeline: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/)
      .describe('Name: the file name without its extension. Lower-case letters, digits, underscores.'),
    description: z
      .string()
      .max(500)
      .default('')
      .describe('One sentence for people; shown in Temporal and in the views.'),
    owner: z.string().max(100).default('').describe('Whom to call; named in every failure message.'),
    objective: objectiveConfig.optional(),
    schedule: scheduleConfig.optional(),
    timezone: z
      .string()
      .optional()
      .describe("IANA zone of periods and run keys when there is no schedule. Default: the schedule's, else UTC."),
    extract: extractConfig,
    cleanse: cleanseConfig,
    features: featuresConfig,
    featureChecks: featureChecksConfig.prefault({}),
    cluster: clusterConfig.prefault({}),
    validate: validateConfig.prefault({}),
    publish: publishConfig,
    activate: activateConfig.optional(),
    segments: z
      .record(
        z.string(),
        z.strictObject({
          key: z.string().optional().describe('The segment_key this name belongs to: `shop-3`.'),
          like: z
            .record(z.string(), z.enum(['high', 'low']))
            .optional()
            .describe(
              'Instead of a key, before there is one: which features the segment has much or little of, `{ monetary: high, recency: low }`. The first run gives the name to the segment that has all of it most; from then on it stays with that segment.',
            ),
          owner: z.string().max(200).optional().describe('Who answers for the segment, as people call them.'),
          note: z.string().max(500).optional().describe('A remark, published as the description.'),
        }),
      )
      .default({})
      .describe('Names given by people; they stick to keys.'),
    playbook: playbookConfig.optional(),
    overrides: overridesConfig.optional(),
    kpis: kpisConfig.optional(),
    review: reviewConfig.optional(),
    sensitive: z
      .record(z.string(), z.string().min(1).max(500))
      .default({})
      .describe(
        'Columns under `privacy.sensitive` of the project that features of this pipeline are made of all the same, each with the reason. It stands in the record of processing.',
      ),
  })
  .describe('One segmentation.')

export type Pipeline = z.infer<typeof pipelineConfig>
