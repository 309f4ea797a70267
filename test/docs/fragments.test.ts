import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { feedbackConfig } from '../../src/plan/feedback.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import { projectConfig } from '../../src/plan/project.ts'
import { featuresConfig } from '../../src/stages/features/config.ts'
import { resolveFeatures } from '../../src/stages/features/resolve-features.ts'
import { blocksOf } from './blocks.ts'
import { EXPLAINING_GUIDES } from './guides.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const schemas: Readonly<Record<string, { parse(value: unknown): unknown }>> = {
  ...projectConfig.shape,
  ...pipelineConfig.shape,
  ...feedbackConfig.shape,
}

describe('the definitions that guides show in part', () => {
  it.each(EXPLAINING_GUIDES)('%s shows only keys and values that there are', (guide) => {
    const blocks = blocksOf(readFileSync(resolve(ROOT, guide), 'utf8'))
    expect(blocks.length).toBeGreaterThan(0)
    for (const { language, text } of blocks) {
      expect(language).toBe('yaml')
      for (const [key, value] of Object.entries(parse(text) as Readonly<Record<string, unknown>>)) {
        expect(Object.keys(schemas), text).toContain(key)
        schemas[key]!.parse(value)
        if (key === 'features') resolveFeatures(featuresConfig.parse(value))
      }
    }
  })
})
