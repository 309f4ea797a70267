import type { TemporalAccess } from '../client/connect.ts'
import { followRun } from '../client/follow-run.ts'
import type { RunView } from '../client/read-run.ts'
import { RunNotFound } from '../errors/run-not-found.ts'
import { missingWorkerLine } from '../report/run-version-lines.ts'
import { stageLine } from '../report/stage-line.ts'
import { stageNames } from '../run/stage.ts'
import type { StageName } from '../run/stage.ts'
import type { Terminal } from './terminal.ts'

const TICK_MS = 250

export interface FollowRequest {
  readonly terminal: Terminal
  readonly access: TemporalAccess
  readonly targetName: string
  readonly workflowId: string
  /** Aborting ends the following, not the run. */
  readonly signal: AbortSignal
  /** The hold was decided just now: follow on. Default: false. */
  readonly isDecided?: boolean
  /** The last stage that it comes to. Default: publish. */
  readonly until?: StageName
}

/** Follows a run until it has ended or is held: a line for each finished stage and each failed attempt. */
export async function follow({
  terminal,
  access,
  targetName,
  workflowId,
  signal,
  isDecided = false,
  until = 'publish',
}: FollowRequest): Promise<RunView> {
  const said = new Set<string>()
  const once = (tell: (line: string) => void, line: string): void => {
    if (!said.has(line)) tell(line)
    said.add(line)
  }
  const sayOnce = (line: string): void => once((text) => terminal.say(text), line)
  const startedMs = performance.now()
  const stages = stageNames.slice(0, stageNames.indexOf(until) + 1)
  let latest: RunView | undefined
  const ticking = setInterval(
    () => terminal.progress(progressLine(latest, stages, performance.now() - startedMs)),
    TICK_MS,
  )
  try {
    for await (const view of followRun(access, workflowId, { signal })) {
      latest = view
      for (const counts of view.status?.stages ?? []) sayOnce(stageLine(counts))
      // Of whom new runs go to the command said before it started one.
      if (view.version?.isPinned)
        for (const one of view.missing) once((text) => terminal.complain(text), missingWorkerLine(one, targetName))
      if (view.trouble) sayOnce(troubleLine(view.trouble))
      if (view.end || (view.status?.status === 'held' && !isDecided)) break
    }
  } finally {
    clearInterval(ticking)
    terminal.clear()
  }
  if (!latest) throw new RunNotFound(`Run ${workflowId} was not looked at.`, 'Follow it with `resegment describe`.')
  return latest
}

function progressLine(view: RunView | undefined, stages: readonly StageName[], elapsedMs: number): string {
  const done = view?.status?.stages.length ?? 0
  const bar = '█'.repeat(done) + '░'.repeat(Math.max(0, stages.length - done))
  return `${bar}  ${stages[done] ?? 'finishing'}  ${(elapsedMs / 1000).toFixed(0)} s`
}

function troubleLine({ activityId, attempt, type, message }: NonNullable<RunView['trouble']>): string {
  return `${activityId}: attempt ${attempt} follows; the last one failed: ${type}: ${message.split('\n')[0]}`
}
