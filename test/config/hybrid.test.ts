import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

function problemsOf(cluster: string, more = ''): readonly string[] {
  const changes = { pipeline: [['cluster: { count: { from: 3, to: 6 } }', `cluster: ${cluster}\n${more}`]] } as const
  return inspectProject(writeProject(changes)).problems.map(problemText)
}
const layered = (layers: string, more = ''): string => `{ method: hybrid, layers: [${layers}]${more} }`
const VIP = "{ name: vip, method: rules, rules: [{ name: VIP, when: 'recency < 9' }] }"
const AWAY = "{ name: away, method: kmeans, count: 2, when: 'recency > 90' }"
const REST = '{ name: rest, method: kmeans, count: 3 }'

describe('method hybrid', () => {
  it('is sound with conditions for all layers but the last', () => {
    expect(problemsOf(layered(`${VIP}, ${AWAY}, ${REST}`))).toEqual([])
    expect(problemsOf(layered(`${VIP}, ${REST}`, ', combine: cross, minimumSize: 50, pooled: together'))).toEqual([])
  })

  it.each([
    ['a condition of the last layer', layered(`${VIP}, ${AWAY}`), 'a condition of away, the last layer'],
    [
      'a layer that leaves nobody',
      layered(`${REST}, ${AWAY.replace(", when: 'recency > 90'", '')}`),
      'takes everybody',
    ],
    ['a name twice', layered(`${AWAY.replace('away', 'rest')}, ${REST}`), '"rest", again'],
    ['a reserved name', layered(`${AWAY.replace('away', 'override')}, ${REST}`), 'came: "override"'],
    ['a condition in a cross product', layered(`${AWAY}, ${REST}`, ', combine: cross'), 'a condition of away'],
    ['a key of the other kind', layered(`${VIP}, ${REST}`, ', minimumSize: 5'), 'no such key with combine: precedence'],
    ['a condition that cannot be read', layered(`${AWAY.replace('> 90', '>')}, ${REST}`), 'cluster.layers[0].when'],
    [
      'a feature that is not there',
      layered(`${AWAY.replace('recency', 'recencyy')}, ${REST}`),
      'Did you mean recency?',
    ],
    [
      'what is wrong within a layer',
      layered(`${VIP.replace('recency', 'recencyy')}, ${REST}`),
      'cluster.layers[0].rules[0].when',
    ],
    ['a hybrid within a hybrid', layered(`${VIP}, { name: more, method: hybrid }`), 'cluster.layers[1]'],
    [
      'a feature of a layer that is not there',
      layered(`${VIP}, ${REST.replace('count: 3', 'count: 3, features: [recencyy]')}`),
      'cluster.layers[1].features[0]',
    ],
    [
      'features of a layer that names its own',
      layered(`${VIP.replace('method: rules', 'method: rules, features: [recency]')}, ${REST}`),
      'features of a layer of rules',
    ],
    ['a single layer', layered(REST), 'cluster.layers'],
  ])('refuses %s', (_, cluster, text) => {
    const problems = problemsOf(cluster)
    expect(problems.join('\n')).toContain(text)
    expect(problems).toHaveLength(1)
  })
})

describe('the fallback of a method', () => {
  const fallback = (method: string): string => `{ count: 3, fallback: ${method} }`
  it('is checked as if it were the method', () => {
    expect(problemsOf(fallback("{ method: rules, rules: [{ name: VIP, when: 'recency < 9' }] }"))).toEqual([])
    const unknown = problemsOf(fallback("{ method: rules, rules: [{ name: VIP, when: 'recencyy < 9' }] }"))
    expect(unknown).toHaveLength(1)
    expect(unknown[0]).toContain('cluster.fallback.rules[0].when')
    expect(problemsOf(fallback('{ method: tiers, feature: lifetimeValue }'))).toEqual([
      expect.stringContaining('cluster.fallback.feature'),
    ])
  })
})

describe('overrides', () => {
  const override = (customer: string, more = ''): string =>
    `  - { customer: '${customer}', segment: shop-1, reason: Contract, author: anna${more} }\n`
  const written = (...overrides: readonly string[]) => problemsOf('{ count: 3 }', `overrides:\n${overrides.join('')}`)

  it('are sound with and without an end', () => {
    expect(written(override('1'), override('2', ', expires: 2026-12-31'))).toEqual([])
  })

  it('are refused for a customer who has one, for a day that is none, and without an author', () => {
    expect(written(override('1'), override('1'))).toEqual([expect.stringContaining('"1", again')])
    expect(written(override('1', ', expires: 2026-02-31'))).toEqual([expect.stringContaining('a day of the calendar')])
    expect(written(override('1').replace(', author: anna', ''))).toEqual([expect.stringContaining('author')])
    expect(written(override('1').replace("'1'", '1'))).toEqual([expect.stringContaining('overrides[0].customer')])
  })
})
