import type { ValidateConfig } from '../../src/stages/validate/config.ts'
import type { Definition } from '../../src/plan/definition.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'

export interface DefinitionOptions {
  readonly targetName?: string
  readonly pipeline?: string
  readonly zone?: string
  readonly refit?: 'month' | 'quarter' | null
  readonly score?: 'day' | 'week' | 'month'
  readonly description?: string
  readonly cleanse?: readonly unknown[]
  readonly notify?: Definition['notify']
  /** Goes past the schema, which knows minutes, hours and days only. */
  readonly approval?: Partial<ValidateConfig['approval']>
}

/** A small definition; tests of the workflow never look at its sources. */
export function makeDefinition(options: DefinitionOptions = {}): Definition {
  const { targetName = 'dev', pipeline = 'shop', zone = 'Europe/Berlin', refit = 'quarter', score, approval } = options
  const parsed = pipelineConfig.parse({
    pipeline,
    description: options.description ?? 'Behaviour segments.',
    owner: 'growth-data',
    ...(refit ? { schedule: { refit, score, timezone: zone } } : { timezone: zone }),
    extract: { transactions: 'order_lines' },
    cleanse: options.cleanse,
    features: ['recency'],
    publish: { warehouse: 'warehouse' },
  })
  return {
    formatVersion: 1,
    targetName,
    target: { schema: `segmentation_${targetName}`, prefix: `${targetName}/`, embedded: true },
    connections: {
      warehouse: { postgres: { secret: 'WAREHOUSE_URL' }, maxParallel: 2, statementTimeout: '30m' },
    },
    sources: {},
    pipeline: { ...parsed, validate: { ...parsed.validate, approval: { ...parsed.validate.approval, ...approval } } },
    contact: '#growth-data',
    runbook: 'https://wiki.example/segments',
    ...(options.notify && { notify: options.notify }),
    projectFolder: '/srv/project',
  }
}
