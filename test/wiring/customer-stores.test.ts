import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadProject } from '../../src/config/load-project.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { resolveDefinition } from '../../src/config/resolve-definition.ts'
import { openCustomerStores } from '../../src/wiring/customer-stores.ts'
import { writeProject } from '../config/project-files.ts'

const ADAPTERS = join(import.meta.dirname, '../../src/adapters')

/** What an adapter keeps of customers is erased from a store of this name … */
const stores: Readonly<Record<string, RegExp>> = {
  'artifact-store': /^(?:artifacts in|copies on the disk of a worker)/,
  s3: /^published files in/,
  warehouse: /^warehouse, schema/,
  'destinations/csv': /^published files in/,
}

/** … or it keeps nothing that is ours to erase. */
const keepsNothing: Readonly<Record<string, string>> = {
  duckdb: 'works in scratch folders of attempts, which end with them; what a dead one left, erasure removes',
  embedded: 'starts servers; what they hold is named by what writes into it',
  'file-source': 'reads sources, which are not ours',
  notices: 'tells people how runs stand: counts, no customer',
  'payload-codec': 'encrypts what others keep, and keeps nothing itself',
  'postgres-source': 'reads sources, which are not ours',
  'source-locations': 'says which reader a source has',
  'destinations/table': 'is told that the customer left, and removes the row',
  'destinations/webhook': 'is told that the customer left; what the receiver keeps is not ours',
}

const folders = readdirSync(ADAPTERS).flatMap((name) =>
  name === 'destinations' ? readdirSync(join(ADAPTERS, name)).map((kind) => `${name}/${kind}`) : [name],
)

describe('the list of stores', () => {
  const definition = resolveDefinition({
    project: loadProject(writeProject()),
    pipelineName: 'shop',
    targetName: 'prod',
  })
  const environment = readEnvironment({ WAREHOUSE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  const opened = openCustomerStores(environment, [definition])
  afterAll(() => opened.close())

  it('has what every adapter keeps of customers: a new adapter says here what it keeps', () => {
    expect(Object.keys({ ...stores, ...keepsNothing }).sort()).toEqual([...folders].sort())
  })

  it.each(Object.entries(stores))('reaches what adapter %s keeps', (_, name) => {
    expect(opened.stores.map((store) => store.name).filter((one) => name.test(one))).not.toEqual([])
  })

  it('has nothing that no adapter accounts for', () => {
    const accounted = Object.values(stores)
    expect(opened.stores.filter(({ name }) => !accounted.some((known) => known.test(name)))).toEqual([])
  })
})
