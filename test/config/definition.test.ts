import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadProject } from '../../src/config/load-project.ts'
import { loadDefinition, resolveDefinition } from '../../src/config/resolve-definition.ts'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'
import { writeProject } from './project-files.ts'

const refusalOf = (act: () => unknown): ConfigInvalid => {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigInvalid) return error
    throw error
  }
  throw new Error('Nothing was refused.')
}

describe('a definition', () => {
  it('holds a pipeline, its defaults, and only what it refers to', () => {
    const folder = writeProject({
      project: [['sources:', 'sources:\n  unused: { from: { file: x.csv }, columns: { customer_id: id } }']],
      pipeline: [[', s3: lake', '']],
    })
    const definition = loadDefinition(folder, 'shop', 'dev')
    expect(definition).toMatchObject({
      formatVersion: 1,
      targetName: 'dev',
      target: { schema: 'segmentation_dev', prefix: 'dev/', embedded: true },
      connections: { warehouse: { postgres: { secret: 'WAREHOUSE_URL' } } },
      pipeline: {
        pipeline: 'shop',
        cluster: { method: 'kmeans', seed: 20_240_101 },
        validate: { identity: { minimumOverlap: 0.3 } },
      },
      projectFolder: realpathSync(folder),
    })
    expect(Object.keys(definition.connections)).toEqual(['warehouse'])
    expect(Object.keys(definition.sources)).toEqual(['order_lines', 'people'])
  })

  it('holds the text of query files, and the sources that its sources look up', () => {
    const folder = writeProject({
      project: [
        ['{ connection: warehouse, table: crm.customers }', '{ connection: warehouse, queryFile: sql/people.sql }'],
        [
          'columns: { customer_id: id }',
          'columns: { customer_id: id }\n    lookups: [{ source: towns, on: customer_id, columns: [city] }]\n  towns: { from: { file: t.csv }, columns: { customer_id: id, city: town } }',
        ],
      ],
      more: { 'sql/people.sql': 'select id from crm.customers\n' },
    })
    const { sources } = loadDefinition(folder, 'shop', 'dev')
    expect(sources.people!.from).toEqual({ connection: 'warehouse', query: 'select id from crm.customers' })
    expect(Object.keys(sources)).toEqual(['order_lines', 'people', 'towns'])
    const gone = writeProject({ project: [['table: crm.customers', 'queryFile: sql/gone.sql']] })
    expect(refusalOf(() => loadDefinition(gone, 'shop', 'dev')).message).toContain(
      'The query file of source people cannot be read: sql/gone.sql',
    )
  })

  it('keeps dev and prod apart', () => {
    const project = loadProject(writeProject())
    const [dev, prod] = ['dev', 'prod'].map((targetName) =>
      resolveDefinition({ project, pipelineName: 'shop', targetName }),
    )
    expect(dev!.target).not.toEqual(prod!.target)
    expect({ ...dev, targetName: '', target: '' }).toEqual({ ...prod, targetName: '', target: '' })
  })

  it('is not served for a target that is not there', () => {
    expect(refusalOf(() => loadDefinition(writeProject(), 'shop', 'prd')).message).toBe(
      'There is no target "prd" in resegment.yaml; there is dev, prod. Did you mean prod?',
    )
  })

  it('is not served for a pipeline that is not there', () => {
    expect(refusalOf(() => loadDefinition(writeProject(), 'shopp', 'dev')).message).toContain(
      'pipelines/shopp.yaml:1:1\n    came: no such file\n    wanted: one of the pipelines shop\n    Did you mean shop?',
    )
  })

  it('fits into one workflow argument or is refused', () => {
    const folder = writeProject({
      project: [['quantity * unit_price', `quantity * unit_price ${'+ 0 '.repeat(16_500)}`]],
    })
    expect(refusalOf(() => loadDefinition(folder, 'shop', 'dev')).message).toMatch(
      /^pipelines\/shop\.yaml with its sources is 6\d,\d{3} bytes; a definition may have 65,536\./,
    )
  })

  it('is refused with one screen of problems, and all of them for programs', () => {
    const slips = Array.from({ length: 20 }, (_, index) => `  - slip${index}`).join('\n')
    const error = refusalOf(() => loadDefinition(writeProject({ pipeline: [['  - recency', slips]] }), 'shop', 'dev'))
    expect(error.problems).toHaveLength(20)
    expect(error.message.split('\n').length).toBeLessThan(24)
    expect(error.message).toMatch(/^20 problems in pipelines\/shop\.yaml:\n/)
    expect(error.message).toContain('and 14 more: `resegment check --json` lists all of them.')
  })

  it('needs a project folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'resegment-empty-'))
    expect(refusalOf(() => loadProject(folder)).message).toBe(
      `There is no resegment.yaml in ${realpathSync(folder)}. Change to the folder of the project, or name it: --project DIR.`,
    )
    expect(refusalOf(() => loadProject(join(folder, 'nowhere'))).message).toMatch(
      /^The project folder .* cannot be read\./,
    )
  })
})
