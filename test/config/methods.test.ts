import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

const problemsOf = (cluster: string, features = '- recency') =>
  inspectProject(
    writeProject({
      pipeline: [
        ['{ count: { from: 3, to: 6 } }', cluster],
        ['- recency', features],
      ],
    }),
  ).problems.map(problemText)

describe('ways to cluster', () => {
  it('are sound with nothing but a method', () => {
    expect(problemsOf('{ method: mixture }')).toEqual([])
    expect(problemsOf('{ method: hierarchy }')).toEqual([])
  })

  it('mixed wants a category among the features', () => {
    expect(problemsOf('{ method: mixed }')).toEqual([
      [
        'pipelines/shop.yaml:10:20  cluster.method',
        '    came: mixed without a feature that is a category',
        '    wanted: a category among the features, such as attribute or country, or method: kmeans',
      ].join('\n'),
    ])
    expect(problemsOf('{ method: mixed }', '- mainCategory').join()).not.toContain('without a feature')
  })

  it('want ranges of counts that go up, whatever the method', () => {
    expect(problemsOf('{ method: mixture, count: { from: 5, to: 3 } }').join()).toContain('from at most to')
  })

  it('say which levels of a hierarchy do not fit one another, and where', () => {
    const ofLevels = (levels: string): string => problemsOf(`{ method: hierarchy, levels: [${levels}] }`).join()
    expect(ofLevels('{ name: macro, count: 3 }, { name: micro, count: 12 }')).toBe('')
    expect(ofLevels('{ name: micro, count: 12 }, { name: macro, count: 3 }')).toBe(
      [
        'pipelines/shop.yaml:10:90  cluster.levels[1].count',
        '    came: 3 below a level of 12',
        '    wanted: more than 12: levels go from the coarsest to the finest',
      ].join('\n'),
    )
    expect(ofLevels('{ name: one, count: 3 }, { name: one, count: 12 }')).toContain('a name that no other level has')
    expect(ofLevels('{ name: one, count: 3 }, { name: two, count: 12, minimumCustomers: 200 }')).toContain(
      'at most 100',
    )
    expect(ofLevels('{ name: one, count: 3 }, { name: two, count: 12, minimumShare: 0.1 }')).toContain('at most 0')
    expect(ofLevels('{ name: one, count: 9, minimumCustomers: 3 }')).toContain('cluster.levels[0].minimumCustomers')
  })
})
