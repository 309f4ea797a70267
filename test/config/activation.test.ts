import { describe, expect, it } from 'vitest'
import { inspectProject, loadProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { resolveDefinition } from '../../src/config/resolve-definition.ts'
import { writeProject } from './project-files.ts'

const LAST = 'segments: { champions: { key: shop-3 } }\n'
const SOUND = `{ kind: webhook, url: { secret: CRM_URL }, signWith: { secret: CRM_KEY }, on: [entered shop-3, left champions, moved] }`

const folderWith = (destination: string): string =>
  writeProject({ pipeline: [[LAST, `${LAST}activate:\n  crm: ${destination}\n`]] })
const problemsOf = (destination: string): readonly string[] =>
  inspectProject(folderWith(destination)).problems.map(problemText)

/** A fault, its place (line 14, columns counted by hand), and the start of what must be said. */
const faults: readonly (readonly [string, string, string, string])[] = [
  ['a kind that there is not', '{ kind: mail }', '14:16  activate.crm.kind', 'came: "mail"'],
  [
    'an address without https',
    SOUND.replace('{ secret: CRM_URL }', 'http://crm.example'),
    '14:30  activate.crm.url',
    'came: an http:// address\n    wanted: https://',
  ],
  [
    'an address that is none',
    SOUND.replace('{ secret: CRM_URL }', 'crm.example'),
    '14:30  activate.crm.url',
    'came: "crm.example"\n    wanted: a URL',
  ],
  [
    'a secret in the address',
    SOUND.replace('{ secret: CRM_URL }', 'https://me:pass@crm.example'),
    '14:30  activate.crm.url',
    'came: a URL with a password in it',
  ],
  ['a trigger that there is not', SOUND.replace('moved]', 'arrived]'), '14:119  activate.crm.on[2]', 'came: "arrived"'],
  [
    'a segment that nobody named',
    SOUND.replace('left champions', 'left champion'),
    '14:103  activate.crm.on[1]',
    'came: "champion"\n    wanted: a segment_key of this pipeline, such as shop-3, or a name under segments\n    Did you mean champions?',
  ],
  [
    'a key of another pipeline',
    '{ kind: csv, connection: lake, segments: [club-1] }',
    '14:50  activate.crm.segments[0]',
    'came: "club-1"',
  ],
  [
    'a bucket that is a database',
    '{ kind: csv, connection: warehouse }',
    '14:33  activate.crm.connection',
    'came: "warehouse", a postgres connection',
  ],
  [
    'a database that is not there',
    '{ kind: table, connection: warehose, table: t }',
    '14:35  activate.crm.connection',
    'came: "warehose"\n    wanted: the name of a postgres connection',
  ],
  [
    'a channel that is no feature',
    '{ kind: csv, connection: lake, channel: recency }',
    '14:48  activate.crm.channel',
    'came: "recency"\n    wanted: the name of a feature of the pipeline that is a category',
  ],
]

describe('destinations of a pipeline', () => {
  it('may be of all kinds, and bring their connections along', () => {
    const table = '{ kind: table, connection: app, table: crm.members, segments: [champions] }'
    const folder = writeProject({
      project: [['  lake:', '  app: { postgres: { secret: APP_URL } }\n  lake:']],
      pipeline: [[LAST, `${LAST}activate:\n  crm: ${SOUND}\n  app: ${table}\n`]],
    })
    expect(inspectProject(folder).problems).toEqual([])
    const definition = resolveDefinition({ project: loadProject(folder), pipelineName: 'shop', targetName: 'dev' })
    expect(Object.keys(definition.connections)).toContain('app')
    expect(definition.pipeline.activate!.crm).toMatchObject({ batchSize: 500, allowHttp: false, allowPrivate: false })
  })

  it.each(faults)('are refused with %s, at its place', (_fault, destination, place, said) => {
    const problems = problemsOf(destination)
    expect(problems.join('\n')).toContain(place)
    expect(problems.join('\n')).toContain(said)
  })
})
