import { type ExpectedRun, stalenessOf } from './expected-run.ts'
import { formatInstant } from './figures.ts'
import { formatRunId, runArguments } from './run-key.ts'

/** What nobody may overlook. `stale` is about what consumers see, the others about the newest run that was due. */
export type AlarmKind = 'missed' | 'failed' | 'held' | 'late' | 'stale'

/** Raised once for a pipeline, a run key and a kind, until it is cleared. */
export interface Alarm {
  readonly pipeline: string
  readonly kind: AlarmKind
  readonly period: string
  readonly runKey: string
  /** For people: what is wrong. */
  readonly message: string
  /** For people: what to do. */
  readonly remedy: string
}

/** Kinds that people are told of by the watch: of a run that failed or waits, itself has told them. */
export const toldAlarmKinds = ['missed', 'stale'] as const satisfies readonly AlarmKind[]

/** An alarm of which people have not heard yet that it is raised, or that it is over. */
export interface UntoldAlarm extends Alarm {
  readonly id: number
  readonly kind: (typeof toldAlarmKinds)[number]
  /** ISO 8601, UTC. */
  readonly raisedAt: string
  readonly isOver: boolean
}

/** What a look at the expected runs changed. */
export interface AlarmChanges {
  readonly raised: readonly Alarm[]
  readonly cleared: readonly Alarm[]
}

/** @param expected those that were due, in the order of time */
export function alarmsOf(expected: readonly ExpectedRun[]): readonly Alarm[] {
  const newest = new Map(expected.map((one) => [`${one.pipeline} ${one.kind}`, one]))
  const ofRuns = [...newest.values()].flatMap((one) => (one.overtakenBy === null ? alarmOf(one) : []))
  const stale = stalenessOf(expected).flatMap(({ owed }) => (owed ? [staleAlarm(owed)] : []))
  return [...ofRuns, ...stale]
}

function alarmOf(expected: ExpectedRun): Alarm[] {
  const { pipeline, kind, period, runKey, asOf, dueAt, deadline, state, isOverdue } = expected
  const run = formatRunId({ runKey, revision: expected.revision ?? 1 })
  const alarm = (of: AlarmKind, message: string, remedy: string): Alarm[] => [
    { pipeline, kind: of, period, runKey, message, remedy },
  ]
  switch (state) {
    case 'missed':
      return alarm(
        'missed',
        `No ${kind} run of ${pipeline} for ${period} was recorded; it was due at ${formatInstant(dueAt)}.`,
        `See \`resegment schedule list\` for a schedule that is paused or gone, and whether a worker serves the target. Then: \`resegment run ${runArguments(runKey, asOf)}\`.`,
      )
    case 'failed':
      return alarm('failed', `${run} failed.`, `\`resegment describe ${run}\` says why, and what to do.`)
    case 'late':
      return alarm(
        'late',
        `${run} has been running past its deadline, ${formatInstant(deadline)}.`,
        `\`resegment describe ${run}\` says what it waits for.`,
      )
    case 'held':
      return isOverdue
        ? alarm(
            'held',
            `${run} has been waiting for a decision past its deadline, ${formatInstant(deadline)}.`,
            `Decide: \`resegment describe ${run}\` shows what it holds and how.`,
          )
        : []
    default:
      return []
  }
}

function staleAlarm({ pipeline, period, runKey, deadline, state }: ExpectedRun): Alarm {
  return {
    ...{ pipeline, kind: 'stale', period, runKey },
    message: `What consumers see of ${pipeline} is stale: ${period} had to be out by ${formatInstant(deadline)} and is ${state}.`,
    remedy: `\`resegment runs ${pipeline} --missed\` lists what did not come.`,
  }
}
