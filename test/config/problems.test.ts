import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

/** Lines and columns were counted by hand in project-files.ts. */
const problemsOf = (changes: Parameters<typeof writeProject>[0]) =>
  inspectProject(writeProject(changes)).problems.map(problemText)
const inPipeline = (from: string, to: string) => problemsOf({ pipeline: [[from, to]] })
const inProject = (from: string, to: string) => problemsOf({ project: [[from, to]] })

it('finds nothing wrong with a sound project', () => {
  expect(problemsOf({})).toEqual([])
})

describe('what a key may hold', () => {
  it('names place, key, what came and what was wanted', () => {
    expect(inPipeline('weight: 2', 'weight: "2"')).toEqual([
      [
        'pipelines/shop.yaml:9:46  features[1].monetary.weight',
        '    came: "2"',
        '    wanted: a number above 0 and at most 100. Multiplies the scaled feature; one with several columns counts as one feature. Default: 1.',
      ].join('\n'),
    ])
  })

  it('says the range of a number', () => {
    expect(inPipeline('{ from: 3, to: 6 }', '1')).toEqual([
      [
        'pipelines/shop.yaml:10:19  cluster.count',
        '    came: 1',
        '    wanted: a whole number from 2 to 50, or { from, to }. How many clusters: a number, or a range, of which stability and silhouette choose one; see the guide on choosing.',
      ].join('\n'),
    ])
  })

  it('suggests the nearest key for an unknown one', () => {
    expect(inPipeline('weight: 2', 'weigth: 2')).toEqual([
      [
        'pipelines/shop.yaml:9:38  features[1].monetary.weigth',
        '    came: key "weigth"',
        '    wanted: one of the keys window, as, transform, winsorise, scale, weight, impute, flagMissing, levels, maxLevels, minShare, prior, sql, of, unit, type, costPer, typicalGap, cutoff, event, column, question, items, reversed, minimum, maximum, options, model, horizon, lifetime, discount, leastRepeatBuyers, minPeers',
        '    Did you mean weight?',
      ].join('\n'),
    ])
  })

  it('suggests the nearest word for an unknown one', () => {
    expect(inPipeline('rule: duplicates', 'rule: duplicate')).toEqual([
      [
        'pipelines/shop.yaml:5:13  cleanse[0].rule',
        '    came: "duplicate"',
        '    wanted: one of required, types, range, allowed, pattern, future, duplicates, cancellations, testCustomers, stale, outliers, inconsistent, unmatched, inactive, contested, sql',
        '    Did you mean duplicates?',
      ].join('\n'),
    ])
  })

  it('knows from the rule which keys go with it', () => {
    expect(inPipeline('above: 0, do: quarantine', 'above: 0, when: x, do: net')).toEqual(
      [
        expect.stringContaining(
          'pipelines/shop.yaml:6:59  cleanse[1].do\n    came: "net"\n    wanted: one of drop, quarantine, fail, fix.',
        ),
        expect.stringContaining(
          'pipelines/shop.yaml:6:46  cleanse[1].when\n    came: key "when"\n    wanted: one of the keys rule, of, column, above, atLeast, below, atMost, do, maxShare',
        ),
      ].reverse(),
    )
  })

  it('reports a misspelt required key once', () => {
    expect(inProject('connection: warehouse', 'conection: warehouse')).toEqual([
      expect.stringContaining('resegment.yaml:19:13  sources.people.from.conection\n    came: key "conection"'),
    ])
  })

  it('points at the map in which a key is missing', () => {
    expect(inPipeline('warehouse: warehouse, ', '')).toEqual([
      [
        'pipelines/shop.yaml:11:10  publish.warehouse',
        '    came: nothing, the key is missing',
        '    wanted: text. Name of the Postgres connection that consumers read.',
      ].join('\n'),
    ])
  })

  it('takes a threshold for each side of a gate, and refuses one without a side', () => {
    const gate = (hold: string) => inPipeline('publish:', `validate: { segmentCount: { hold: ${hold} } }\npublish:`)
    expect(gate('{ above: 12, below: 3 }')).toEqual([])
    expect(gate('{}')).toEqual([
      expect.stringContaining('pipelines/shop.yaml:11:35  validate.segmentCount.hold\n    came: an empty map\n'),
    ])
    expect(gate('0.3')).toEqual([expect.stringContaining('validate.segmentCount.hold\n    came: 0.3')])
  })

  it('refuses thresholds of what is no segment of the pipeline, and gates of its own that cannot work', () => {
    const found = (validate: string) => inPipeline('publish:', `validate: ${validate}\npublish:`)
    expect(found('{ stability: { segments: { best: { warn: { below: 0.5 } } } } }')).toEqual([
      expect.stringContaining('came: "best"\n    wanted: a segment_key of this pipeline, such as shop-3'),
    ])
    expect(found('{ rowCount: { segments: {} } }')).toEqual([expect.stringContaining('validate.rowCount.segments')])
    const own = (name: string, sql: string) => found(`{ custom: [{ name: ${name}, sql: "${sql}" }] }`)
    expect(own('spend', "select count(*) from candidate where layer = 'a)'")).toEqual([])
    expect(own('rowCount', 'select 1')).toEqual([expect.stringContaining('the catalogue has a gate of this one')])
    expect(own('spend', 'drop table candidate')).toEqual([expect.stringContaining('a query that gives one number')])
    expect(own('spend', 'select count(* from candidate')).toEqual([expect.stringContaining('with an open bracket')])
  })

  it('refuses names that would not be safe in a schema or a workflow id', () => {
    expect(inProject('  prod:', '  Prod-1:')).toEqual([
      [
        'resegment.yaml:6:3  targets.Prod-1',
        '    came: name "Prod-1"',
        '    wanted: text matching ^[a-z][a-z0-9]{0,19}$',
      ].join('\n'),
    ])
  })

  it('names a key that is there twice, and a file that is no YAML', () => {
    expect(inPipeline('features:', 'pipeline: again\nfeatures:')).toEqual([
      'pipelines/shop.yaml:7:1\n    came: a key that was there before\n    wanted: each key once',
    ])
    expect(inPipeline('{ rule: duplicates }', '{ rule: duplicates')).toEqual([
      expect.stringContaining('wanted: valid YAML'),
    ])
  })

  it('lists the problems of all files at once', () => {
    const problems = problemsOf({
      project: [['bucket: acme-segments', 'bucket: x']],
      pipeline: [
        ['column: amount', 'colum: amount'],
        ['- recency', '- recencyy'],
      ],
      more: { 'pipelines/other.yaml': 'pipeline: other\n' },
    })
    expect(problems.map((text) => text.split('\n')[0])).toEqual([
      'resegment.yaml:3:25  connections.lake.s3.bucket',
      'pipelines/other.yaml:1:1  extract',
      'pipelines/other.yaml:1:1  features',
      'pipelines/other.yaml:1:1  publish',
      'pipelines/shop.yaml:6:20  cleanse[1].colum',
      'pipelines/shop.yaml:8:5  features[0]',
    ])
  })
})

describe('secrets', () => {
  it('refuses AWS keys in a connection: they come from the chain of the SDK', () => {
    const [problem, ...others] = inProject(
      '{ bucket: acme-segments }',
      '{ bucket: acme-segments, accessKeyId: AKIAIOSFODNN7EXAMPLE, secretAccessKey: wJalrXUtnFEMI }',
    )
    expect(problem).toContain('lake.s3.accessKeyId\n    came: an AWS credential\n    wanted: no keys here')
    expect(others).toHaveLength(1)
    expect([problem, ...others].join()).not.toMatch(/AKIA|wJalr/)
  })

  it('refuses a URL with a password and does not repeat it', () => {
    const problems = inProject('{ secret: WAREHOUSE_URL }', 'postgres://me:hunter2@db:5432/shop')
    expect(problems).toEqual([
      [
        'resegment.yaml:2:26  connections.warehouse.postgres',
        '    came: a URL with a password in it',
        '    wanted: the name of a secret, { secret: WAREHOUSE_URL }: the value is set as an environment variable or mounted as a file',
      ].join('\n'),
    ])
  })

  it('refuses an access key wherever it stands', () => {
    expect(inPipeline('schedule:', 'description: AKIAIOSFODNN7EXAMPLE\nschedule:')).toEqual([
      expect.stringContaining('pipelines/shop.yaml:2:14  description\n    came: an AWS access key'),
    ])
  })
})
