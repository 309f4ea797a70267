import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { searchDatabase, searchFiles, searchHistories, storedBy } from './byte-search.ts'
import { hasCdnow, MARK, openPlanted, PLANTED as ERASED } from './planted-quarters.ts'
import type { TestProject } from './project.ts'

const KEY = 'a-key-for-tests-that-is-long-enough'
/** Another mark than that of the erased: both are searched for on the same servers. */
const HIDDEN = 'HIDE-ME-9c1e'
const PLANTED = ERASED.map((id) => id.replace(MARK, HIDDEN)) as [string, string]
const pseudonym = (id: string): string => createHmac('sha256', KEY).update(id).digest('hex')

describe.skipIf(!hasCdnow)('publishing under pseudonyms', () => {
  let project: TestProject
  const startWorker = async (variables: Readonly<Record<string, string>>) => {
    await project.stopWorkers()
    await project.startWorker(variables)
  }
  const published = async () =>
    (await project.sql<{ customer_id: string }>('select customer_id from customer_segments')).map(
      (row) => row.customer_id,
    )
  const failure = async (asOf: string): Promise<string> => {
    const { code, stdout, stderr } = await project.cli(['run', 'cdnow', '--as-of', asOf])
    expect(code).toBe(1)
    return stdout + stderr
  }
  beforeAll(async () => {
    project = await openPlanted('pseudonyms', ', customerIds: pseudonyms')
    project.write('purchases.csv', project.read('purchases.csv').replaceAll(MARK, HIDDEN))
    project.write('placements.csv', project.read('placements.csv').replaceAll(MARK, HIDDEN))
    // A column that repeats the id is the pipeline's own business.
    const resegment = project.read('resegment.yaml')
    project.write('resegment.yaml', resegment.replace(`"customer_id || ' ' || date"`, '"md5(customer_id || date)"'))
    const pipeline = project.read('pipelines/cdnow.yaml')
    project.write(
      'pipelines/cdnow.yaml',
      `${pipeline}overrides:\n  - { customer: '00018', segment: Fresh, reason: Asked, author: Ann }\n`,
    )
  })
  afterAll(() => project.close())

  it('keeps ids out of everything behind the source, the same customers under the same pseudonyms; plain ids still find them', async () => {
    await startWorker({})
    expect(await failure('1998-04-01')).toContain('RESEGMENT_PSEUDONYM_KEY')
    expect(await published()).toEqual([])

    const variables = { RESEGMENT_PSEUDONYM_KEY: KEY }
    await startWorker(variables)
    for (const asOf of ['1998-04-01', '1998-07-01'])
      expect((await project.run(['cdnow', '--as-of', asOf, '--revision', 'next'])).status).toBe('published')
    const ids = await published()
    expect(ids).toHaveLength(2_357)
    for (const id of PLANTED) expect(ids).toContain(pseudonym(id))
    const [{ lost } = { lost: -1 }] = await project.sql<{ lost: number }>(
      "select count(*)::int as lost from segment_events where run_key = 'cdnow@1998-07-01' and event in ('entered', 'left')",
    )
    expect(lost).toBe(0)
    const [placed] = await project.sql('select layer from customer_segments where customer_id = $1', [
      pseudonym('00018'),
    ])
    expect(placed).toEqual({ layer: 'override' })

    const folders = [...storedBy(inject('stateFolder'), project.target), project.variables.RESEGMENT_CACHE!]
    expect(await searchFiles(folders, HIDDEN)).toEqual([])
    expect(await searchDatabase(project.variables.WAREHOUSE_URL!, HIDDEN)).toEqual([])
    expect(await searchHistories(project.variables, project.target, HIDDEN)).toEqual([])

    expect((await project.cli(['customer', 'cdnow', PLANTED[0]], variables)).code).toBe(0)
    // Rules measure no distance: nobody is the nearest to anything, and the report says so.
    const asked = await project.cli(['report', 'cdnow', '--ids', '--format', 'json'])
    expect(JSON.parse(asked.stdout), asked.stderr).toMatchObject({ nearest: { absent: 'method measures no distance' } })
    const exported = await project.cli(['export', PLANTED[0], '--json'], variables)
    expect(JSON.parse(exported.stdout)).toMatchObject({ customers: 1, unknown: 0 })
    expect((await project.cli(['forget', PLANTED[0], '--yes'], variables)).code).toBe(0)
    expect(await published()).not.toContain(pseudonym(PLANTED[0]))
  })

  it('refuses another key and plain ids, under which everybody would be new, before anything is written', async () => {
    await startWorker({ RESEGMENT_PSEUDONYM_KEY: `${KEY}, but another one` })
    expect(await failure('1998-10-01')).toMatch(/CustomerIdsChanged[\s\S]*--new-ids/)
    project.write('pipelines/cdnow.yaml', project.read('pipelines/cdnow.yaml').replace(', customerIds: pseudonyms', ''))
    expect(await failure('1999-01-01')).toContain('CustomerIdsChanged')
    expect(await published()).toHaveLength(2_356)
  })
})
