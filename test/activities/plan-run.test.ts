import { ApplicationFailure } from '@temporalio/activity'
import { type Client, ScheduleNotFoundError } from '@temporalio/client'
import { MockActivityEnvironment } from '@temporalio/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { StartFacts } from '../../src/activities/activities.ts'
import { attempt } from '../../src/activities/attempt.ts'
import { makePlanRunActivities } from '../../src/activities/plan-run.ts'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'
import { digestOf } from '../../src/plan/digest.ts'
import type { RunInput, RunPlan } from '../../src/plan/run-plan.ts'
import type { PublishedState } from '../../src/ports/ledger.ts'
import { scheduleIdOf } from '../../src/plan/target-names.ts'
import type { Services } from '../../src/ports/services.ts'
import { makeDefinition } from '../workflows/definition.ts'

const definition = makeDefinition()
const facts: StartFacts = { workflowId: 'dev/shop@2026-10-01~1' }

/** What the ledger tells of runs that are not over. */
let openRuns: { readonly runKey: string; readonly revision: number }[] = []
beforeEach(() => (openRuns = []))

/** Prefixes that were removed, each with the one that was kept. */
let removed: string[][] = []
beforeEach(() => (removed = []))

type Live = Pick<NonNullable<PublishedState['live']>, 'runKey' | 'revision' | 'asOf' | 'model' | 'comparedWith'> | null

function makeServices(
  newestRevision = 0,
  live: Live = null,
  openScratch = async () => ({ path: '/scratch', close: async () => {} }),
) {
  return {
    codeVersion: '0.1.0',
    store: () => ({ openScratch, removeArtifacts: async (...prefixes: string[]) => void removed.push(prefixes) }),
    ledger: () => ({
      newestRevision: async () => newestRevision,
      publishedState: async () => ({ live: live && { ...live, publicationId: 5 }, segments: [] }),
      publishedModel: async (model: number) =>
        (live?.model as { segmentKeys?: unknown })?.segmentKeys ? live!.model : { model },
      openRuns: async () => openRuns,
    }),
    reached: () => {},
    pseudonyms: () => undefined,
  } as unknown as Services
}

function plan(input: RunInput, start: StartFacts = facts, newestRevision = 0, live: Live = null): Promise<RunPlan> {
  const { planRun } = makePlanRunActivities(makeServices(newestRevision, live))
  return new MockActivityEnvironment({}, { client: makeClient() }).run(planRun, input, start) as Promise<RunPlan>
}

/** What schedules carry, by their id. */
let deployed: Record<string, unknown> = {}
beforeEach(() => (deployed = {}))

function makeClient(): Client {
  const describeSchedule = async (scheduleId: string) => {
    if (!(scheduleId in deployed)) throw new ScheduleNotFoundError('unknown', scheduleId)
    return { action: { args: [deployed[scheduleId]] } }
  }
  return {
    withAbortSignal: (_signal: AbortSignal, body: () => Promise<unknown>) => body(),
    schedule: { getHandle: (scheduleId: string) => ({ describe: () => describeSchedule(scheduleId) }) },
  } as unknown as Client
}

describe('planRun', () => {
  it('takes the as-of it is given, else the end of the period before the scheduled start', async () => {
    expect((await plan({ definition, asOf: '2026-10-01' })).asOf).toBe('2026-09-30T22:00:00Z')
    const scheduledStart = '2026-10-03T04:00:00.000Z'
    expect((await plan({ definition }, { ...facts, scheduledStart })).asOf).toBe('2026-09-30T22:00:00Z')
  })

  it('takes the as-of of the run that it was started like, where nothing else says one', async () => {
    const like = { ...facts, likeAsOf: '2025-12-31T23:00:00Z' }
    expect(await plan({ definition }, like)).toMatchObject({ runKey: 'shop@2026-01-01', asOf: '2025-12-31T23:00:00Z' })
    expect((await plan({ definition, asOf: '2026-10-01' }, like)).asOf).toBe('2026-09-30T22:00:00Z')
    const scheduledStart = '2026-10-03T04:00:00.000Z'
    expect((await plan({ definition }, { ...like, scheduledStart })).asOf).toBe('2026-09-30T22:00:00Z')
    expect(await plan({ definition, revision: 'next' }, like, 1)).toMatchObject({
      ...{ runKey: 'shop@2026-01-01', revision: 2 },
    })
  })

  it('refuses a run that was started by hand without an as-of: nothing reads the clock', async () => {
    await expect(plan({ definition })).rejects.toMatchObject({ type: 'ConfigInvalid', nonRetryable: true })
  })

  it('takes revision 1, the one it is given, or the one after the newest', async () => {
    const input = { definition, asOf: '2026-10-01' }
    expect((await plan(input)).revision).toBe(1)
    expect((await plan({ ...input, revision: 3 }, facts, 8)).revision).toBe(3)
    expect((await plan({ ...input, revision: 'next' }, facts, 8)).revision).toBe(9)
    expect((await plan({ ...input, revision: 'next' })).revision).toBe(1)
  })

  it('goes by the definition that is deployed where the next revision is asked for, by its own where a number is', async () => {
    const repaired = { ...definition, contact: 'somebody else' }
    const scheduleId = scheduleIdOf(definition.targetName, definition.pipeline.pipeline)
    const input = { definition, asOf: '2026-10-01' }
    expect((await plan({ ...input, revision: 'next' })).definition).toEqual(definition)
    deployed = { [scheduleId]: { definition: repaired, revision: 1 } }
    const next = await plan({ ...input, revision: 'next' }, facts, 1)
    expect(next).toMatchObject({ revision: 2, definition: repaired })
    expect(next.definitionHash).not.toBe((await plan({ ...input, revision: 2 })).definitionHash)
    expect((await plan({ ...input, revision: 2 })).definition).toEqual(definition)
  })

  it.each([0, -1, 1.5, '2'])('refuses revision %j at once', async (revision) => {
    await expect(plan({ definition, asOf: '2026-10-01', revision: revision as number })).rejects.toMatchObject({
      type: 'ConfigInvalid',
      nonRetryable: true,
    })
  })

  it.each([
    [{ dryRun: true, until: 'publish' as 'features' }, '"until": "publish" is no stage'],
    [{ dryRun: true, until: 'nowhere' as 'features' }, 'Write one of extract, cleanse, features, cluster, validate.'],
    [{ until: 'features' as const }, 'Add "dryRun": true'],
  ])('refuses to stop where no dry run can: %j', async (options, says) => {
    await expect(plan({ definition, asOf: '2026-10-01', options })).rejects.toMatchObject({
      type: 'ConfigInvalid',
      nonRetryable: true,
      message: expect.stringContaining(says) as string,
    })
  })

  it('keeps artifacts of a dry run apart, with the same definition hash', async () => {
    const real = await plan({ definition, asOf: '2026-10-01' })
    const dry = await plan({ definition, asOf: '2026-10-01', options: { dryRun: true } })
    expect(dry.definition.target.prefix).toMatch(/^dev\/dry-run\/[0-9a-f]{16}\/[^/]+\/$/)
    // Those of earlier executions of the same Workflow Id make room; nothing else does.
    expect(removed).toEqual([[dry.definition.target.prefix.replace(/[^/]+\/$/, ''), dry.definition.target.prefix]])
    const other = await plan(
      { definition, asOf: '2026-10-01', options: { dryRun: true } },
      { workflowId: 'dev/shop@2026-10-01~1-copy' },
    )
    expect(removed[1]![0]).not.toBe(removed[0]![0])
    expect(other.definition.target.prefix.startsWith(removed[0]![0]!)).toBe(false)
    expect(dry.definitionHash).toBe(real.definitionHash)
  })

  it('refuses a run that is older than what is live before anything is computed, unless it is dry', async () => {
    // By hand: the as-of of 2026-10-01 in Berlin.
    const live = {
      runKey: 'shop@2026-10-01',
      revision: 2,
      asOf: '2026-09-30T22:00:00.000Z',
      model: null,
      comparedWith: null,
    }
    const older = { type: 'OlderThanPublished', nonRetryable: true }
    const planBeside = (input: Omit<RunInput, 'definition'>) => plan({ definition, ...input }, facts, 2, live)
    await expect(planBeside({ asOf: '2026-09-30' })).rejects.toMatchObject(older)
    await expect(planBeside({ asOf: '2026-10-01', revision: 1 })).rejects.toMatchObject(older)
    await expect(planBeside({ asOf: '2026-09-30', options: { dryRun: true } })).resolves.toBeDefined()
    // The one that is live may be planned again: it was reset.
    for (const revision of [2, 3, 'next'] as const)
      await expect(planBeside({ asOf: '2026-10-01', revision })).resolves.toBeDefined()
    await expect(planBeside({ asOf: '2026-10-02' })).resolves.toBeDefined()
  })

  it('starts from the model that is live; a run that was reset after it had published, from the one before', async () => {
    const live = {
      runKey: 'shop@2026-10-01',
      revision: 2,
      asOf: '2026-09-30T22:00:00.000Z',
      model: { a: 1 },
      comparedWith: 4,
    }
    const liveOf = async (revision: number) =>
      (await plan({ definition, asOf: '2026-10-01', revision }, facts, 2, live)).live
    expect(await liveOf(3)).toEqual({ publicationId: 5, modelDigest: digestOf({ a: 1 }) })
    expect(await liveOf(2)).toEqual({ publicationId: 4, modelDigest: digestOf({ model: 4 }) })
    expect((await plan({ definition, asOf: '2026-10-01' })).live).toBeNull()
  })

  describe('of a score run', () => {
    const recency = JSON.stringify(['recency', null, {}, null])
    const model = { formatVersion: 2, segmentKeys: ['shop-1'], measures: { recency } }
    const live = {
      ...{ runKey: 'shop@2026-10-01', revision: 1, asOf: '2026-09-30T22:00:00.000Z' },
      ...{ model, comparedWith: null },
    }
    const input: RunInput = { definition, asOf: '2026-10-02', options: { kind: 'score' } }

    it('takes the live model, and the start of the day of a scheduled start', async () => {
      const scheduledStart = '2026-10-02T04:00:00.000Z'
      expect(
        await plan({ definition, options: { kind: 'score' } }, { ...facts, scheduledStart }, 0, live),
      ).toMatchObject({
        ...{ kind: 'score', runKey: 'shop@2026-10-02.score', asOf: '2026-10-01T22:00:00Z' },
        live: { publicationId: 5 },
      })
      // Of the instant of the refit there may be one as well.
      expect((await plan({ ...input, asOf: '2026-10-01' }, facts, 0, live)).runKey).toBe('shop@2026-10-01.score')
    })

    it('refuses where nothing is published, or what is was made from other features', async () => {
      const refused = { type: 'NothingToScoreWith', nonRetryable: true }
      await expect(plan(input)).rejects.toMatchObject(refused)
      const other = { ...live, model: { ...model, measures: {} } }
      await expect(plan(input, facts, 0, other)).rejects.toMatchObject(refused)
      await expect(plan({ ...input, options: { kind: 'rescore' as 'score' } })).rejects.toThrow('"rescore"')
    })

    it('gives way to a refit that runs or is held, since it would make it an older view; never to a score run', async () => {
      openRuns = [{ runKey: 'shop@2026-10-01.score', revision: 1 }]
      await expect(plan(input, facts, 0, live)).resolves.toBeDefined()
      openRuns = [{ runKey: 'shop@2026-10-01', revision: 2 }]
      await expect(plan(input, facts, 0, live)).rejects.toMatchObject({
        type: 'RefitIsOpen',
        message: expect.stringContaining('shop@2026-10-01~2') as string,
      })
      await expect(plan({ ...input, options: { kind: 'score', dryRun: true } }, facts, 0, live)).resolves.toBeDefined()
    })
  })

  it('refuses a definition that would not fit through Temporal', async () => {
    const large = { ...definition, contact: 'x'.repeat(64 * 1024) }
    await expect(plan({ definition: large, asOf: '2026-10-01' })).rejects.toMatchObject({ type: 'PayloadTooLarge' })
  })
})

describe('an attempt', () => {
  const run = (body: () => Promise<unknown>, services = makeServices()): Promise<unknown> =>
    new MockActivityEnvironment({}, { client: makeClient() }).run(() => attempt(services, definition, body))

  it('refuses a result above 64 KB for good', async () => {
    await expect(run(async () => 'x'.repeat(70_000))).rejects.toMatchObject({
      type: 'PayloadTooLarge',
      nonRetryable: true,
    })
  })

  it('translates a failure before its body as well', async () => {
    const services = makeServices(0, null, async () => {
      throw new ConfigInvalid('No store.', 'Set one.')
    })
    await expect(run(async () => 1, services)).rejects.toBeInstanceOf(ApplicationFailure)
  })

  it('leaves an error that is none of ours as it came, so that Temporal tries again', async () => {
    const error = new TypeError('odd')
    await expect(run(() => Promise.reject(error))).rejects.toBe(error)
  })
})
