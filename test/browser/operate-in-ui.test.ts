import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { runSchedule } from '../../src/client/wanted-schedules.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { PermissionDenied } from '../../src/errors/permission-denied.ts'
import { SourceEmpty } from '../../src/errors/source-empty.ts'
import { useStack } from '../use-stack.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { Scene } from '../workflows/scene.ts'
import type { Stubs } from '../workflows/stub-activities.ts'
import { openBrowser, pictured, takePicture, withPage } from './browser.ts'
import { TemporalUi } from './temporal-ui.ts'

const browser = await openBrowser()
const { temporalUi } = browser ? (await useStack()).endpoints : {}
if (browser && !temporalUi) process.stderr.write('Tests in the Temporal UI are skipped: its address is not known.\n')
afterAll(() => browser?.close())

/** Forms come in slowly, and take what is typed too early for nothing. */
const TRANSITION_MS = 500

/** What breaks, until it is mended. */
interface World {
  readonly target: string
  readonly stubs: Stubs
  mend(): void
}

const DENIED = new PermissionDenied(
  'The warehouse refuses: must be owner of table segment_values.',
  'Grant what `resegment migrate --print-grants` prints.',
)
const DOWN = new ConnectionFailed('Nobody answers at 10.0.0.7:5432.', 'See that it runs, and that workers reach it.')
const EMPTY = new SourceEmpty('Source order_lines has no row before the as-of.', 'Load the rows.')

// docs/operators.md tells of all that is done here, with the pictures that RESEGMENT_PICTURES=docs/images makes.
describe.skipIf(!browser || !temporalUi)('in the Temporal UI', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await Scene.open()
  })
  afterAll(() => scene.close())

  const inUi = (body: (ui: TemporalUi, picture: (name: string) => Promise<void>) => Promise<void>): Promise<void> =>
    withPage(browser!, { viewport: { width: 1400, height: 760 } }, (page) =>
      body(new TemporalUi(page, temporalUi!), async (name) => {
        await page.waitForTimeout(TRANSITION_MS)
        await takePicture(page, name, false)
      }),
    )

  /** Workers for which an activity fails so until the world is mended. */
  function broken(name: string, activity: string, error: Error, body: (world: World) => Promise<void>): Promise<void> {
    const target = pictured(name, () => scene.newTarget())
    let isBroken = true
    const before = (called: string): void => {
      if (called === activity && isBroken) throw toActivityFailure(error)
    }
    return scene.withWorkers(target, { before }, (stubs) => body({ target, stubs, mend: () => (isBroken = false) }))
  }

  const isKnown = (workflowId: string): Promise<boolean> =>
    scene.access.client.workflow
      .getHandle(workflowId)
      .describe()
      .then(
        () => true,
        () => false,
      )

  it('Reset, to the event that a failed run names, does the failed stage again, and no other', async () => {
    await broken('north', 'publishSegmentation', DENIED, async ({ target, stubs, mend }) => {
      const workflowId = await scene.start(target)
      const { end } = await scene.ended(workflowId)
      mend()
      const done = stubs.calls.length
      await inUi(async (ui, picture) => {
        await ui.openRun(workflowId, 'User Metadata')
        const [, event] = /Reset to event (\d+)/.exec(await ui.currentDetails(/Reset to event/))!
        expect(end?.how === 'failed' && end.failure?.resetEventId).toBe(Number(event))
        await picture('failed-run')
        await ui.button('Reset').click()
        await ui.chooseEvent(Number(event))
        await ui.field('reset-reason').fill('[ada] the right was granted')
        await picture('reset')
        await ui.confirm('Reset Workflow', 'Confirm')
      })
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(stubs.calls.slice(done)).toEqual(['publishSegmentation'])
    })
  })

  it('Trigger starts a run of the newest period; one like it, with "next" as revision, reads a repaired source again', async () => {
    await broken('south', 'extractSources', EMPTY, async ({ target, stubs, mend }) => {
      const { scheduleId, ...options } = runSchedule(makeDefinition({ targetName: target }), 'refit').options
      const schedule = await scene.access.client.schedule.create({ scheduleId, ...options })
      try {
        await inUi(async (ui, picture) => {
          await ui.open(`schedules/${scheduleId}`, ui.field('schedule-actions-menu-button'))
          await ui.field('schedule-actions-menu-button').click()
          await ui.text('Trigger').click()
          await picture('trigger')
          await ui.confirm('Trigger Immediately', 'Trigger')
          const started = async () => (await schedule.describe()).info.recentActions[0]?.action.workflow.workflowId
          await expect.poll(started, { timeout: 60_000 }).toBeTruthy()
          const workflowId = (await started())!
          const failed = await scene.ended(workflowId)
          expect(failed.end).toMatchObject({ failure: { type: 'SourceEmpty', recovery: 'rerun' } })
          mend()
          await ui.openRun(workflowId)
          await ui.moreActions('Start Workflow Like This One')
          await ui.editLine(/"revision": 1/, '"revision": "next",')
          await picture('like-this-one')
          await ui.field('workflowId').fill(`${workflowId}-again`)
          // By the keyboard: the editor grows as it is left, and a click on the button would miss it.
          await ui.button('Start Workflow').press('Enter')
          await expect.poll(() => isKnown(`${workflowId}-again`), { timeout: 60_000 }).toBe(true)
          const again = await scene.ended(`${workflowId}-again`)
          expect(again.status).toMatchObject({ status: 'published', revision: 7, asOf: failed.status!.asOf })
          const { typedSearchAttributes } = await scene.access.client.workflow
            .getHandle(`${workflowId}-again`)
            .describe()
          expect(typedSearchAttributes.getAll().map(({ value }) => value)).toContain(`${again.status!.runKey}~7`)
          expect(stubs.published).toHaveLength(1)
        })
      } finally {
        await schedule.delete()
      }
    })
  })

  it('Pause, Update, Unpause and Reset of a pending activity hold it, change its limits, let it go on, and try it at once', async () => {
    await broken('east', 'buildFeatures', DOWN, async ({ target, stubs, mend }) => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ trouble }) => trouble !== null)
      const pending = async () =>
        (await scene.access.client.workflow.getHandle(workflowId).describe()).raw.pendingActivities![0]!
      await inUi(async (ui, picture) => {
        await ui.openRun(workflowId, /^Pending Activities/)
        await ui.containing('Nobody answers').waitFor()
        await picture('pending-activity')
        await ui.button('Pause').click()
        await ui.field('activity-pause-reason').fill('[ada] the database moves')
        await ui.confirm('Pause Activity', 'Pause')
        await expect.poll(async () => (await pending()).paused, { timeout: 60_000 }).toBe(true)
        await ui.button('Update').click()
        await ui.page.waitForTimeout(TRANSITION_MS)
        await ui.field('start-to-close-timeout').fill('86400')
        await picture('update-activity')
        await ui.button('Save').click()
        const limit = async () => Number((await pending()).activityOptions?.startToCloseTimeout?.seconds)
        await expect.poll(limit, { timeout: 60_000 }).toBe(86_400)
        await ui.button('Unpause').click()
        await ui.page.waitForTimeout(TRANSITION_MS)
        await ui.confirm('Resume executing', 'Unpause')
        await expect.poll(async () => (await pending()).paused, { timeout: 60_000 }).toBe(false)
        const attempt = async () => (await pending()).attempt
        await expect.poll(attempt, { timeout: 60_000 }).toBeGreaterThan(2)
        await ui.button('Reset').click()
        await ui.page.waitForTimeout(TRANSITION_MS)
        await ui.confirm('Reset Activity', 'Reset')
        await expect.poll(attempt, { timeout: 60_000 }).toBeLessThan(3)
        mend()
      })
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(stubs.calls.filter((call) => call === 'extractSources')).toHaveLength(1)
    })
  })

  it('Request Cancellation ends a run and records it; Terminate ends it at once, and it goes on as if it was new when it is started again', async () => {
    await broken('west', 'extractSources', DOWN, async ({ target, stubs }) => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ trouble }) => trouble !== null)
      await inUi(async (ui, picture) => {
        await ui.openRun(workflowId)
        await ui.button('Request Cancellation').click()
        await picture('cancel')
        await ui.confirm('Cancel Workflow', 'Confirm')
        const { end } = await scene.ended(workflowId)
        expect(end).toEqual({ how: 'cancelled' })
        expect(stubs.edges.map(({ state }) => state)).toEqual(['running', 'cancelled'])
        await scene.start(target)
        await scene.until(workflowId, ({ trouble }) => trouble !== null)
        await ui.openRun(workflowId)
        await ui.moreActions('Terminate')
        await ui.field('workflow-termination-reason').fill('[ada] wrong quarter')
        await ui.confirm('Terminate Workflow', 'Terminate')
      })
      expect((await scene.ended(workflowId)).end).toEqual({ how: 'terminated' })
      expect(stubs.edges.map(({ state }) => state)).toEqual(['running', 'cancelled', 'running'])
    })
  })

  it('Reset of many to the last workflow task does their failed stages again; to the first, all stages', async () => {
    await broken('inland', 'publishSegmentation', DENIED, async ({ target, stubs, mend }) => {
      const workflowId = await scene.start(target)
      await scene.ended(workflowId)
      const resetMany = async (event: 'first' | 'last'): Promise<void> => {
        const { temporalRunId } = await scene.ended(workflowId)
        await inUi(async (ui, picture) => {
          const isFailed = 'ExecutionStatus="Failed"'
          await expect
            .poll(
              () =>
                scene.access.client.workflow.count(
                  `WorkflowId="${workflowId}" AND ${isFailed} AND RunId="${temporalRunId}"`,
                ),
              { timeout: 60_000 },
            )
            .toMatchObject({ count: 1 })
          await ui.open(
            `workflows?query=${encodeURIComponent(`WorkflowId="${workflowId}" AND RunId="${temporalRunId}"`)}`,
            ui.text(workflowId),
          )
          await ui.field('select-visible-workflows').check({ force: true })
          await ui.button('Reset').click()
          await ui.field(`reset-event-${event}`).check({ force: true })
          if (event === 'last') await picture('reset-many-last')
          await ui.confirm('Reset Workflows', 'Reset')
        })
        await scene.until(workflowId, (view) => view.temporalRunId !== temporalRunId && view.end !== null)
      }
      let done = stubs.calls.length
      await resetMany('last')
      expect(stubs.calls.slice(done).filter((call) => call !== 'recordRun')).toEqual(['publishSegmentation'])
      mend()
      done = stubs.calls.length
      await resetMany('first')
      expect(stubs.calls.slice(done)).toEqual(
        expect.arrayContaining(['planRun', 'extractSources', 'publishSegmentation']),
      )
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
    })
  })
})
