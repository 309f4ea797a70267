import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

type Change = readonly [string, string]
const problemsOf = (project: readonly Change[], pipeline: readonly Change[]) =>
  inspectProject(writeProject({ project, pipeline })).problems.map(problemText)

/** A fault, the place it must be found at (counted by hand), and the start of what must be said. */
const pipelineFaults: readonly (readonly [string, Change, string, string])[] = [
  [
    'a pipeline that is not named as its file',
    ['pipeline: shop', 'pipeline: store'],
    '1:11  pipeline',
    'came: "store"\n    wanted: shop, the file\'s name',
  ],
  [
    'a warehouse that is not there',
    ['warehouse: warehouse', 'warehouse: warehose'],
    '11:23  publish.warehouse',
    'came: "warehose"\n    wanted: the name of a postgres connection of resegment.yaml: warehouse\n    Did you mean warehouse?',
  ],
  [
    'a warehouse that is a bucket',
    ['warehouse: warehouse', 'warehouse: lake'],
    '11:23  publish.warehouse',
    'came: "lake", a s3 connection',
  ],
  [
    'a bucket that is a warehouse',
    ['s3: lake', 's3: warehouse'],
    '11:38  publish.s3',
    'came: "warehouse", a postgres connection',
  ],
  [
    'score runs that never come, as a refit is due each time',
    ['refit: quarter', 'refit: month, score: month'],
    '2:34  schedule.score',
    'came: month, beside refit: month\n    wanted: a shorter period, or no score',
  ],
  [
    'a time zone that is none',
    ['Europe/Berlin', 'Europe/Berlni'],
    '2:39  schedule.timezone',
    'came: "Europe/Berlni"\n    wanted: an IANA time zone, such as Europe/Berlin\n    Did you mean Europe/Berlin?',
  ],
  [
    'an offset instead of a zone',
    ['Europe/Berlin', '"+02:00"'],
    '2:39  schedule.timezone',
    'came: "+02:00"\n    wanted: an IANA time zone',
  ],
  [
    'a second zone beside the schedule',
    ['schedule:', 'timezone: UTC\nschedule:'],
    '2:11  timezone',
    'came: "UTC"\n    wanted: schedule.timezone, Europe/Berlin',
  ],
  [
    'a count that ends before it begins',
    ['{ from: 3, to: 6 }', '{ from: 6, to: 3 }'],
    '10:19  cluster.count',
    'came: from 6 to 3\n    wanted: from at most to',
  ],
  [
    'a feature asked for twice',
    ['- recency', '- recency\n  - recency'],
    '9:5  features[1]',
    'came: recency, again\n    wanted: each feature once',
  ],
  [
    'a feature whose column is not mapped',
    ['- recency', '- distinctProducts'],
    '8:5  features[0]',
    'came: distinctProducts\n    wanted: features whose columns are mapped: distinctProducts needs product',
  ],
  [
    'a feature with nothing in it',
    ['{ monetary: { window: 12 months, weight: 2 } }', '{}'],
    '9:5  features[1]',
    'came: no feature',
  ],
  [
    'a window of a feature that has its own',
    ['- recency', '- { trend: { window: 12 months } }'],
    '8:24  features[0].trend.window',
    'came: "12 months"\n    wanted: no window: trend looks at a time span of its own',
  ],
  [
    'two features in one entry',
    ['{ monetary: { window: 12 months, weight: 2 } }', '{ monetary: {}, tenure: {} }'],
    '9:5  features[1]',
    'came: monetary and tenure\n    wanted: one feature an entry',
  ],
  [
    'quantiles that leave nothing between them',
    ['weight: 2', 'winsorise: { lower: 0.5, upper: 0.5 }'],
    '9:49  features[1].monetary.winsorise',
    'came: from 0.5 to 0.5\n    wanted: lower below upper',
  ],
  [
    'a range over a column of text',
    ['column: amount', 'column: order_id'],
    '6:28  cleanse[1].column',
    'came: "order_id"\n    wanted: a mapped column that holds numbers: amount, unit_price',
  ],
  ['a range without bounds', ['above: 0, ', ''], '6:5  cleanse[1]', 'came: a range without bounds'],
  ['a range that nothing can pass', ['above: 0', 'above: 5, below: 5'], '6:5  cleanse[1]', 'came: from 5 to 5'],
  [
    'a range with two lower bounds',
    ['above: 0', 'above: 5, atLeast: 5'],
    '6:5  cleanse[1]',
    'came: two bounds on one side',
  ],
  [
    'required columns that are not mapped',
    ['{ rule: duplicates }', '{ rule: required, columns: [customer_id, product] }'],
    '5:46  cleanse[0].columns[1]',
    'came: "product"\n    wanted: a mapped column',
  ],
  [
    'a rule that has nothing left to do',
    ['- { rule: duplicates }', '- { rule: duplicates }\n  - { rule: duplicates }'],
    '6:13  cleanse[1].rule',
    'came: duplicates of transactions, again',
  ],
  [
    'a gate that fails before it holds',
    ['publish:', 'validate: { membershipChurn: { hold: { above: 0.3 }, fail: { above: 0.2 } } }\npublish:'],
    '11:60  validate.membershipChurn.fail',
    'came: fail above 0.2, hold above 0.3',
  ],
  [
    'a name for a segment of another pipeline',
    ['shop-3', 'store-3'],
    '12:31  segments.champions.key',
    'came: "store-3"\n    wanted: a segment_key of this pipeline, such as shop-3',
  ],
  [
    'two names for one segment',
    ['{ key: shop-3 } }', '{ key: shop-3 }, best: { key: shop-3 } }'],
    '12:54  segments.best.key',
    'came: "shop-3", again\n    wanted: one name for a key; champions has it',
  ],
  [
    'a name by a feature that there is not',
    ['{ key: shop-3 }', '{ like: { money: high } }'],
    '12:41  segments.champions.like.money',
    'came: "money"\n    wanted: the name of a feature of the pipeline that is a number: recency, monetary',
  ],
  [
    'a name that says twice whose it is',
    ['{ key: shop-3 }', '{ key: shop-3, like: { monetary: high } }'],
    '12:24  segments.champions',
    'came: both key and like\n    wanted: one of them',
  ],
]

const projectFaults: readonly (readonly [string, Change, string, string])[] = [
  [
    'two targets with one schema',
    ['schema: segmentation,', 'schema: segmentation_dev,'],
    '6:19  targets.prod.schema',
    'came: "segmentation_dev", which is also that of target dev',
  ],
  [
    'two targets with one prefix',
    ['prefix: prod/', 'prefix: dev/'],
    '6:41  targets.prod.prefix',
    'came: "dev/", which is also that of target dev',
  ],
  ['a project without dev', ['  dev:', '  test:'], '4:1  targets', 'came: { test, prod }\n    wanted: a target dev'],
]

describe('a pipeline is refused for', () => {
  it.each(pipelineFaults)('%s', (_, change, place, said) => {
    expect(problemsOf([], [change])).toEqual([expect.stringContaining(`pipelines/shop.yaml:${place}\n    ${said}`)])
  })
})

describe('a project is refused for', () => {
  it.each(projectFaults)('%s', (_, change, place, said) => {
    expect(problemsOf([change], [])).toEqual([expect.stringContaining(`resegment.yaml:${place}\n    ${said}`)])
  })
})
