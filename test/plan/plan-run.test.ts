import { describe, expect, it } from 'vitest'
import { definitionHashOf, planRun } from '../../src/plan/plan-run.ts'
import { checkDefinitionSize, checkPayloadSize } from '../../src/plan/payload-size.ts'
import { pipelineOfSchedule, scheduleIdOf, taskQueuesOf, workflowIdOf } from '../../src/plan/target-names.ts'
import { makeDefinition } from '../workflows/definition.ts'

describe('a plan', () => {
  const definition = makeDefinition()
  const request = {
    definition,
    asOf: '2026-09-30T22:00:00Z',
    revision: 2,
    workflowId: 'dev/shop@2026-10-01~2',
    codeVersion: '0.1.0',
  }

  it('holds everything a run will do', () => {
    expect(planRun(request)).toEqual({
      kind: 'refit',
      pipeline: 'shop',
      runKey: 'shop@2026-10-01',
      revision: 2,
      period: '2026-Q3',
      asOf: '2026-09-30T22:00:00Z',
      timezone: 'Europe/Berlin',
      definitionHash: definitionHashOf(definition),
      definition,
      live: null,
      options: {},
      codeVersion: '0.1.0',
      workflowId: 'dev/shop@2026-10-01~2',
    })
  })

  it('of a score run has a key of its own, and the same definition hash', () => {
    expect(planRun({ ...request, options: { kind: 'score' } })).toMatchObject({
      kind: 'score',
      runKey: 'shop@2026-10-01.score',
      definitionHash: definitionHashOf(definition),
    })
  })

  it('has the same definition hash in every target and folder, and another one for another definition', () => {
    const elsewhere = { ...makeDefinition({ targetName: 'prod' }), projectFolder: '/elsewhere' }
    expect(definitionHashOf(elsewhere)).toBe(definitionHashOf(definition))
    expect(definitionHashOf(makeDefinition({ refit: 'month' }))).not.toBe(definitionHashOf(definition))
  })
})

describe('what crosses Temporal', () => {
  it('is at most 64 KB, and a definition leaves room for the plan around it', () => {
    expect(() => checkPayloadSize('x'.repeat(65_534), 'It')).not.toThrow()
    expect(() => checkPayloadSize('x'.repeat(65_535), 'It')).toThrow(/It has 65537 bytes/)
    const definition = makeDefinition()
    const large = { ...definition, contact: 'x'.repeat(63 * 1024) }
    expect(() => checkDefinitionSize(definition)).not.toThrow()
    expect(() => checkDefinitionSize(large)).toThrow(/pipeline shop/)
  })
})

describe('the names of a target', () => {
  it('are plain for prod and carry the target otherwise', () => {
    expect(taskQueuesOf('prod')).toEqual({
      workflow: 'resegment-workflow',
      io: 'resegment-io',
      compute: 'resegment-compute',
    })
    expect(taskQueuesOf('dev').io).toBe('resegment-dev-io')
    const identity = { runKey: 'shop@2026-10-01', revision: 1 }
    expect(workflowIdOf('prod', identity)).toBe('shop@2026-10-01~1')
    expect(workflowIdOf('dev', identity)).toBe('dev/shop@2026-10-01~1')
    expect(workflowIdOf('dev', identity, { dryRun: true })).toBe('dev/shop@2026-10-01~1-dry')
    // Those that go less far are others still: attaching to one must not end early.
    expect(workflowIdOf('dev', identity, { dryRun: true, until: 'features' })).toBe(
      'dev/shop@2026-10-01~1-dry-features',
    )
    expect(scheduleIdOf('prod', 'shop')).toBe('resegment-shop')
    expect(scheduleIdOf('dev', 'shop')).toBe('resegment-dev-shop')
  })

  it('tell the schedules of targets apart', () => {
    expect(pipelineOfSchedule('prod', 'resegment-shop')).toBe('shop')
    expect(pipelineOfSchedule('prod', 'resegment-dev-shop')).toBeUndefined()
    expect(pipelineOfSchedule('dev', 'resegment-dev-shop')).toBe('shop')
    expect(pipelineOfSchedule('dev', 'resegment-shop')).toBeUndefined()
    // No pipeline has a dot, so a schedule of score runs never is the refit of another pipeline or target.
    expect(scheduleIdOf('dev', 'shop', 'score')).toBe('resegment-dev-shop.score')
    expect(pipelineOfSchedule('dev', 'resegment-dev-shop.score')).toBe('shop')
    expect(pipelineOfSchedule('prod', 'resegment-dev-shop.score')).toBeUndefined()
  })
})
