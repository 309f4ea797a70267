import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ActivityFailure, type ApplicationFailure, RetryState } from '@temporalio/common'
import { describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { ResegmentError } from '../../src/errors/resegment-error.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import { stageNames } from '../../src/run/stage.ts'
import { renderRunPage } from '../../src/workflows/run-page.ts'
import { describeFailure, failureContextOf, failureText } from '../../src/workflows/stage-failure.ts'
import { makeDefinition } from './definition.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ERRORS = join(ROOT, 'src/errors')
const WHAT = 'Source order_lines has no row.'
const REMEDY = 'Load its rows.'
const WHOM = 'Call growth-data, #growth-data. Runbook: https://wiki.example/segments'
const RESET_EVENT = 42
const STEPS = [...stageNames, 'plan', 'hold'] as const
const status: RunStatus = {
  ...{ runKey: 'shop@2026-10-01', revision: 1, pipeline: 'shop', kind: 'refit', period: '2026-Q3' },
  ...{ asOf: '2026-09-30T22:00:00Z', status: 'failed', verdict: null, stages: [], segments: [], checks: [] },
  ...{ moved: null, moves: null, artifacts: {}, manifestUri: null, workflowId: 'shop@2026-10-01~1', temporalRunId: '' },
}
const definition = makeDefinition({ targetName: 'prod' })

type Thrown = new (what: string, remedy: string) => ResegmentError

const classes = (
  await Promise.all(readdirSync(ERRORS).map((file) => import(join(ERRORS, file)) as Promise<Record<string, unknown>>))
)
  .flatMap((module) => Object.values(module))
  .filter((one) => one !== ResegmentError && (one as { prototype?: unknown }).prototype instanceof ResegmentError)
  .map((one) => one as Thrown)

/** As docs/reference/errors.md, and so whoever reads it, has them. */
const LINES = new Map(
  [...readFileSync(join(ROOT, 'docs/reference/errors.md'), 'utf8').matchAll(/^\| `(\w+)` .*\| (\w+) +\|$/gm)].map(
    ([, type, then]) => [type!, then!],
  ),
)

const CLICKS: Readonly<Record<string, string>> = {
  retry: `Retry: Reset to event ${RESET_EVENT}, or \`resegment retry shop@2026-10-01~1 --target prod\`.`,
  rerun:
    'Rerun: Start Workflow Like This One with revision: next, or `resegment run shop --as-of 2026-10-01 --revision next --target prod`.',
  neither: 'Nothing to repeat: neither a reset nor the next revision would come further.',
}

describe('a stage that fails for good', () => {
  it('does so for an error that the reference knows', () => {
    expect(classes.map(({ name }) => name).sort()).toEqual([...LINES.keys()].sort())
  })

  it.each(classes)(
    'says in its message and on its page stage, cause, remedy, what to click and whom to call: $name',
    (Thrown) => {
      for (const stage of STEPS) {
        const thrown = new Thrown(WHAT, REMEDY)
        const cause = toActivityFailure(thrown) as ApplicationFailure
        expect(cause.nonRetryable).toBe(thrown.retry === 'give-up')
        const context = failureContextOf(definition, status, stage, RESET_EVENT)
        const failure = describeFailure(
          new ActivityFailure('failed', stage, stage, RetryState.NON_RETRYABLE_FAILURE, undefined, cause),
          context,
        )
        const then = LINES.get(thrown.type)!
        const click = CLICKS[then]!
        expect(failureText(failure, context).split('\n')).toEqual([
          `Stage ${stage} failed (${thrown.type}): ${WHAT}`,
          REMEDY,
          click,
          WHOM,
        ])
        const page = renderRunPage({
          ...{ status, step: stage, targetName: 'prod', heldDigest: undefined, earlier: [] },
          approval: { within: '5 days', otherwise: 'reject' },
          failure: { ...failure, callWhom: context.callWhom },
        }).replaceAll(/\\(?=[^\s])/g, '')
        for (const words of [
          `**Stage ${stage} failed** (${thrown.type}): ${WHAT}`,
          REMEDY,
          ...click.split(', or '),
          WHOM,
        ])
          expect(page).toContain(words)
        expect(page.includes('Reset to event')).toBe(then === 'retry')
      }
    },
  )
})
