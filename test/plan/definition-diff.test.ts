import { describe, expect, it } from 'vitest'
import { compareKeys } from '../../src/plan/definition-changes.ts'
import { diffDefinitions } from '../../src/plan/definition-diff.ts'
import { keptDefinition } from '../../src/plan/kept-definition.ts'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import { keyLocator } from '../../src/config/locate-keys.ts'
import { writeProject } from '../config/project-files.ts'

type Changes = Parameters<typeof writeProject>[0]

const kept = (changes: Changes = {}) => keptDefinition(loadDefinition(writeProject(changes), 'shop', 'dev'))
const diffTo = (changes: Changes) => diffDefinitions(kept(), kept(changes))
const pipeline = (...pairs: readonly (readonly [string, string])[]) => diffTo({ pipeline: pairs })

describe('two definitions', () => {
  it('that are equal change nothing, in whichever folder and target', () => {
    const same = diffDefinitions(kept(), keptDefinition(loadDefinition(writeProject(), 'shop', 'prod')))
    expect(same).toMatchObject({ changes: [], stages: [], fitSettings: [], movesByDefinition: false })
  })

  it('with another feature form segments anew, and their moves are for reason definition', () => {
    const found = pipeline(['  - recency\n', '  - recency\n  - frequency\n'])
    expect(found).toMatchObject({
      changes: [{ path: ['pipeline', 'features', 1], to: 'frequency' }],
      stages: ['features', 'cluster', 'validate', 'publish'],
      features: { added: ['frequency'], removed: [], remeasured: [] },
      fitSettings: ['feature frequency'],
      movesByDefinition: true,
    })
  })

  it('tell a feature that measures something else from one that only weighs otherwise', () => {
    expect(pipeline(['window: 12 months', 'window: 6 months'])).toMatchObject({
      features: { remeasured: ['monetary'] },
      movesByDefinition: true,
    })
    expect(pipeline(['weight: 2', 'weight: 3'])).toMatchObject({
      features: { added: [], removed: [], remeasured: [] },
      fitSettings: ['feature monetary'],
      movesByDefinition: false,
    })
  })

  it('with features in another order fit the same', () => {
    const found = pipeline([
      '  - recency\n  - { monetary: { window: 12 months, weight: 2 } }',
      '  - { monetary: { window: 12 months, weight: 2 } }\n  - recency',
    ])
    expect(found).toMatchObject({ fitSettings: [], movesByDefinition: false })
    expect(found.changes.every(({ effect }) => effect.startsWith('The same features'))).toBe(true)
  })

  it.each([
    ['a gate', 'validate: { largestSegment: { hold: { above: 0.5 } } }', 'Gates only', ['validate', 'publish']],
    [
      'the decision',
      'validate: { approval: { within: 2 days } }',
      'How a held run is decided',
      ['validate', 'publish'],
    ],
    ['the owner', 'owner: crm', 'Names and people only', []],
  ] as const)('that differ in %s say so', (_what, text, effect, stages) => {
    const found = pipeline(['publish:', `${text}\npublish:`])
    expect(found.changes.length).toBeGreaterThan(0)
    expect(found.changes.filter((change) => !change.effect.startsWith(effect))).toEqual([])
    expect(found).toMatchObject({ stages, fitSettings: [] })
  })

  it('that differ in when runs start need a deploy, and no stage does otherwise', () => {
    const found = pipeline(['refit: quarter, ', 'refit: quarter, at: "07:00", '])
    expect(found.changes).toMatchObject([{ path: ['pipeline', 'schedule', 'at'], from: '06:00', to: '07:00' }])
    expect(found.changes[0]!.effect).toContain('resegment deploy')
    expect(found.stages).toEqual([])
  })

  it('tell of holdouts, rules, sources and the method apart', () => {
    const effectOf = (changes: Changes) => diffTo(changes).changes.map(({ effect }) => effect)
    expect(effectOf({ pipeline: [['s3: lake', 's3: lake, holdout: { share: 0.1 }']] })).toEqual([
      expect.stringContaining('held out'),
    ])
    expect(pipeline(['above: 0', 'above: 1']).stages[0]).toBe('cleanse')
    expect(diffTo({ project: [['table: crm.customers', 'table: crm.people']] }).stages[0]).toBe('extract')
    expect(pipeline(['to: 6', 'to: 7'])).toMatchObject({ fitSettings: ['cluster.count'], movesByDefinition: false })
  })

  it('keep no customer whom people put somewhere', () => {
    const overridden = kept({
      pipeline: [
        ['publish:', 'overrides: [{ customer: K-secret, segment: champions, reason: board, author: crm }]\npublish:'],
      ],
    })
    expect(JSON.stringify(overridden)).not.toContain('K-secret')
    expect(diffDefinitions(kept(), overridden).changes).toMatchObject([
      { path: ['pipeline', 'overrides'], effect: expect.stringContaining('override') as string },
    ])
  })
})

describe('a changed key', () => {
  it('has its file and line; one that is not written, those of what is around it', () => {
    const locate = keyLocator(writeProject(), 'shop')
    expect(locate(['pipeline', 'features', 1, 'monetary'])).toEqual({ file: 'pipelines/shop.yaml', line: 9 })
    expect(locate(['sources', 'people', 'from'])).toEqual({ file: 'resegment.yaml', line: 19 })
    expect(locate(['pipeline', 'cluster', 'seed'])).toEqual({ file: 'pipelines/shop.yaml', line: 10 })
  })

  it('of a list is its own entry: what stays in order is no change', () => {
    const rules = [{ rule: 'a' }, { rule: 'b', do: 'drop' }, { rule: 'c' }]
    expect(compareKeys(rules, [{ rule: 'new' }, ...rules])).toEqual([{ path: [0], to: { rule: 'new' } }])
    expect(compareKeys(rules, [rules[0], { rule: 'b', do: 'fix' }, rules[2]])).toEqual([
      { path: [1, 'do'], from: 'drop', to: 'fix' },
    ])
    expect(compareKeys(rules, rules.slice(1))).toEqual([{ path: [], from: { rule: 'a' } }])
    expect(compareKeys([], [])).toEqual([])
  })
})
