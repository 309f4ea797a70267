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
    'a source that is not there',
    ['transactions: order_lines', 'transactions: order_line'],
    '3:26  extract.transactions',
    'came: "order_line"\n    wanted: the name of a source of resegment.yaml: order_lines, people\n    Did you mean order_lines?',
  ],
  [
    'a source without the columns of transactions',
    ['transactions: order_lines', 'transactions: people'],
    '3:26  extract.transactions',
    'came: source people, which maps customer_id\n    wanted: a source that also maps occurred_at, order_id, amount;',
  ],
  [
    'a source that is named twice for a role',
    ['transactions: order_lines', 'transactions: [order_lines, order_lines]'],
    '3:40  extract.transactions[1]',
    'came: "order_lines", again\n    wanted: each source once in a role',
  ],
  [
    'a population of customers that nobody lists',
    ['transactions: order_lines, customers: people', 'transactions: order_lines, population: customers'],
    '3:51  extract.population',
    'came: "customers"\n    wanted: a source under extract.customers',
  ],
  [
    'a purpose that nobody could agree to',
    ['customers: people }', 'customers: people, purpose: profiling }'],
    '3:67  extract.purpose',
    'came: "profiling"\n    wanted: a source under extract.consent',
  ],
]

const projectFaults: readonly (readonly [string, Change, string, string])[] = [
  [
    'a source behind a connection that is not there',
    ['connection: warehouse', 'connection: crm'],
    '19:25  sources.people.from.connection',
    'came: "crm"\n    wanted: the name of a postgres connection of resegment.yaml: warehouse',
  ],
  [
    'a source behind a bucket',
    ['connection: warehouse', 'connection: lake'],
    '19:25  sources.people.from.connection',
    'came: "lake", a s3 connection',
  ],
  [
    'types of a table',
    ['columns: { customer_id: id }', 'columns: { customer_id: id }\n    types: { id: text }'],
    '21:5  sources.people.types',
    'came: { id }\n    wanted: no types here',
  ],
  [
    'a zone of a source that is none',
    ['timezone: Europe/Berlin', 'timezone: Berlin'],
    '17:15  sources.order_lines.timezone',
    'came: "Berlin"\n    wanted: an IANA time zone',
  ],
  [
    'a bucket for files that is a warehouse',
    ['file: data/*.csv.gz', 'file: data/*.csv.gz, connection: warehouse'],
    '9:46  sources.order_lines.from.connection',
    'came: "warehouse", a postgres connection',
  ],
  [
    'a thousands mark that is the decimal mark',
    ['file: data/*.csv.gz', 'file: data/*.csv.gz, csv: { decimal: ",", thousands: "," }'],
    '9:66  sources.order_lines.from.csv.thousands',
    'came: ",", which is also the decimal mark',
  ],
  [
    'places that write numbers in different ways',
    ['{ file: data/*.csv.gz }', '[{ file: a.csv }, { file: b.csv, csv: { decimal: "," } }]'],
    '9:11  sources.order_lines.from',
    'came: places that write values in different ways',
  ],
  [
    'a key without versions',
    ['columns: { customer_id: id }', 'columns: { customer_id: id }\n    key: [customer_id]'],
    '21:5  sources.people.key',
    'came: a key without recordedAt',
  ],
  [
    'a key of a column that is not mapped',
    ['columns: { customer_id: id }', 'columns: { customer_id: id }\n    recordedAt: seen\n    key: [customer]'],
    '22:11  sources.people.key[0]',
    'came: "customer"\n    wanted: the name of a canonical column of the source: customer_id',
  ],
  [
    'a lookup in a source that is not there',
    [
      'columns: { customer_id: id }',
      'columns: { customer_id: id }\n    lookups: [{ source: zips, on: customer_id, columns: [city] }]',
    ],
    '21:25  sources.people.lookups[0].source',
    'came: "zips"\n    wanted: the name of a source of resegment.yaml: order_lines, people',
  ],
  [
    'a lookup of a column that the other source does not map',
    [
      'columns: { customer_id: id }',
      'columns: { customer_id: id }\n    lookups: [{ source: order_lines, on: customer_id, columns: [city] }]',
    ],
    '21:65  sources.people.lookups[0].columns[0]',
    'came: "city"\n    wanted: the name of a canonical column that source order_lines maps',
  ],
]

describe('the sources of a pipeline are refused for', () => {
  it.each(pipelineFaults)('%s', (_, change, place, said) => {
    expect(problemsOf([], [change])).toEqual([expect.stringContaining(`pipelines/shop.yaml:${place}\n    ${said}`)])
  })
})

describe('the sources of a project are refused for', () => {
  it.each(projectFaults)('%s', (_, change, place, said) => {
    expect(problemsOf([change], [])).toEqual([expect.stringContaining(`resegment.yaml:${place}\n    ${said}`)])
  })
})

it('warns of attributes that a past as-of would see as they are today, and only of those', () => {
  const warned = (project: readonly Change[]) => inspectProject(writeProject({ project })).warnings.map(problemText)
  expect(warned([])).toEqual([
    expect.stringContaining('pipelines/shop.yaml:3:50  extract.customers\n    came: source people, which says neither'),
  ])
  const columns = 'columns: { customer_id: id }'
  expect(warned([[columns, `${columns}\n    recordedAt: seen`]])).toEqual([])
  expect(warned([[columns, `${columns}\n    validity: { from: since, to: until }`]])).toEqual([])
})

it('asks for the currency that rates lead to', () => {
  const fx = 'fx: { from: { file: fx.csv }, columns: { currency: ccy, occurred_at: day, rate: rate } }'
  const rates = ['customers: people }', 'customers: people, rates: fx }'] as const
  const withRates: Change = ['sources:', `sources:\n  ${fx}`]
  expect(problemsOf([withRates], [rates])).toEqual([
    expect.stringContaining('3:58  extract.rates\n    came: rates without a currency\n    wanted: extract.currency'),
  ])
  expect(problemsOf([withRates], [[rates[0], rates[1].replace('fx }', 'fx, currency: EUR }')]])).toEqual([])
})
