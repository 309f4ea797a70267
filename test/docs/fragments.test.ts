import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { feedbackOfRows } from '../../src/config/feedback-rows.ts'
import { feedbackConfig } from '../../src/plan/feedback.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import { projectConfig } from '../../src/plan/project.ts'
import type { TextTable } from '../../src/plan/text-table.ts'
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
      if (language === 'text') {
        expect(feedbackOfRows(guide, tableOf(text)).length, text).toBeGreaterThan(0)
        continue
      }
      expect(language).toBe('yaml')
      for (const [key, value] of Object.entries(parse(text) as Readonly<Record<string, unknown>>)) {
        expect(Object.keys(schemas), text).toContain(key)
        schemas[key]!.parse(value)
        if (key === 'features') resolveFeatures(featuresConfig.parse(value))
      }
    }
  })
})

/** Of a block whose values hold no commas. */
function tableOf(csv: string): TextTable {
  const [columns = [], ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  return { columns, rows: rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]))) }
}
