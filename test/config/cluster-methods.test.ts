import { expect, it } from 'vitest'
import { clustersInWords } from '../../src/config/check-cluster.ts'
import { inspectProject, loadPipeline } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

/** The pipeline of project-files.ts with `cluster` on line 10 and what follows. */
const withCluster = (cluster: string, features = '  - recency\n  - { monetary: { window: 12 months, weight: 2 } }') =>
  writeProject({
    project: [['unit_price: unit_price\n', 'unit_price: unit_price\n      category: category\n']],
    pipeline: [
      ['  - recency\n  - { monetary: { window: 12 months, weight: 2 } }', features],
      ['cluster: { count: { from: 3, to: 6 } }', cluster],
    ],
  })
const problemsOf = (cluster: string, features?: string) =>
  inspectProject(withCluster(cluster, features)).problems.map(problemText)
const rule = (when: string): string => `cluster:\n  method: rules\n  rules:\n    - name: Good\n      when: ${when}`

it('names line, character, what came and what was wanted of a condition that cannot be read', () => {
  expect(problemsOf(rule('monetary > 100 and recency <'))).toEqual([
    [
      'pipelines/shop.yaml:14:13  cluster.rules[0].when',
      '    came: the end of the condition at character 29',
      '    wanted: a feature, a number, a text or `(`',
    ].join('\n'),
  ])
})

it('suggests the feature that was probably meant', () => {
  expect(problemsOf(rule('monetary > 100 or recncy < 5'))).toEqual([
    [
      'pipelines/shop.yaml:14:13  cluster.rules[0].when',
      '    came: "recncy" at character 19',
      '    wanted: a feature of this pipeline: recency, monetary',
      '    Did you mean recency?',
    ].join('\n'),
  ])
})

it('says how a level of a composition comes to be there in every run', () => {
  expect(problemsOf(rule('categoryShares:books > 0.5'), '  - recency\n  - categoryShares')).toEqual([
    [
      'pipelines/shop.yaml:14:13  cluster.rules[0].when',
      '    came: "categoryShares:books" at character 1',
      '    wanted: categoryShares with levels that every run has',
      '    Pin them under features: { categoryShares: { levels: [...] } }; each is then a column categoryShares:level.',
    ].join('\n'),
  ])
  const pinned = '  - recency\n  - { categoryShares: { levels: [books] } }'
  expect(problemsOf(rule('categoryShares:books > 0.5'), pinned)).toEqual([])
  expect(problemsOf(rule('categoryShares > 0.5'), pinned)[0]).toContain(
    'wanted: one of its levels: "categoryShares:books", "categoryShares:other"',
  )
})

it('refuses rules that contradict themselves or are never reached', () => {
  expect(problemsOf(rule('recency > 5 and recency < 4'))[0]).toContain('came: a condition that contradicts itself')
  const two = `${rule('recency > 5')}\n    - name: Better\n      when: recency > 6`
  expect(problemsOf(two)[0]).toContain('came: a condition that is only true where "Good" is, which comes first')
})

it('looks at the features of rfm and tiers, their cuts and their shares', () => {
  const rfm = 'cluster:\n  method: rfm\n  monetary: { weight: 2, cuts: [10, 5] }'
  expect(problemsOf(rfm)).toEqual([
    [
      'pipelines/shop.yaml:11:3  cluster.frequency',
      '    came: "frequency"',
      '    wanted: a feature of this pipeline: recency, monetary; or one more under features',
      '    Did you mean recency?',
    ].join('\n'),
    [
      'pipelines/shop.yaml:12:32  cluster.monetary.cuts',
      '    came: 2 cuts',
      '    wanted: 4: one fewer than scores, 5',
    ].join('\n'),
  ])
  expect(problemsOf('cluster:\n  method: tiers\n  feature: monetary\n  by: { ofTotal: [0.8, 0.3] }')).toEqual([
    [
      'pipelines/shop.yaml:13:18  cluster.by.ofTotal',
      '    came: shares that are 1.1 together',
      '    wanted: shares that are 1 together',
    ].join('\n'),
  ])
})

it('says nothing of columns while features cannot be resolved', () => {
  const problems = problemsOf(rule('monetary > 1'), '  - recency\n  - monetry')
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain('features[1]')
})

it.each([
  ['cluster: { count: 4 }', '4 clusters'],
  ['cluster: { count: { from: 3, to: 6 } }', '3 to 6 clusters'],
  [rule('monetary > 1'), '1 rule'],
  ['cluster: { method: rfm, frequency: monetary }', '11 groups by recency, frequency and monetary value'],
  ['cluster: { method: tiers, feature: monetary, by: abc }', '3 tiers of monetary'],
])('says how many clusters there will be: %s', (cluster, words) => {
  const { loaded } = inspectProject(withCluster(cluster))
  expect(clustersInWords(loadPipeline(loaded!, 'shop').pipeline)).toBe(words)
})
