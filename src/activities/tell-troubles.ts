import type { Context } from '@temporalio/activity'
import type { Definition } from '../plan/definition.ts'
import { NOTICES_WORKFLOW_TYPE } from '../plan/notice-input.ts'
import { noticesIdOf, taskQueuesOf } from '../plan/target-names.ts'
import { describeTrouble } from '../report/notices/trouble-notice.ts'
import type { ToldPipeline } from '../report/notices/told-pipeline.ts'
import type { ScheduleBook } from '../ports/schedule-book.ts'
import type { Trouble, TroubleKind } from '../run/trouble.ts'
import { startNotices } from './announce.ts'
import type { OwnedTrouble } from './find-trouble.ts'

/** Whose people are told: as much of a definition as that takes. */
export type Told = ToldPipeline & Pick<Definition, 'notify'>

/** In the place of a pipeline, of what concerns all of them. */
const ALL = 'workers'
/** What began before that is over or known. */
const MEMORY_DAYS = 30

/** Tells people of each alarm when it is raised, and once it is over. What they were told already, the warehouse knows. */
export async function tellAlarms(
  client: Context['client'],
  targetName: string,
  told: readonly Told[],
  book: Pick<ScheduleBook, 'untoldAlarms' | 'markTold'>,
): Promise<void> {
  for (const alarm of await book.untoldAlarms()) {
    const { pipeline, kind, runKey, raisedAt, message, remedy, isOver } = alarm
    const trouble = { kind, about: runKey, since: raisedAt, run: null, what: message, remedy }
    await tell(client, targetName, told, pipeline, trouble, isOver ? 'over' : 'begins')
    await book.markTold(alarm)
  }
}

/**
 * Tells people of what Temporal shows to be wrong when it begins, and once it is over. What they were told already is read from Temporal, where
 * the notices are themselves: it works while the warehouse is down.
 */
export async function tellTroubles(
  client: Context['client'],
  targetName: string,
  told: readonly Told[],
  found: readonly OwnedTrouble[],
  nowMs: number,
): Promise<void> {
  const open = await openTroubles(client, targetName, nowMs)
  const nameOf = (pipeline: string | null, { kind, about }: Pick<Trouble, 'kind' | 'about'>): string =>
    [pipeline ?? ALL, about, kind].join(' ')
  const known = new Set(open.map(({ pipeline, ...one }) => nameOf(pipeline, one)))
  const now = new Set(found.map(({ pipeline, trouble }) => nameOf(pipeline, trouble)))
  for (const { pipeline, trouble } of found)
    if (!known.has(nameOf(pipeline, trouble))) await tell(client, targetName, told, pipeline, trouble, 'begins')
  for (const { pipeline, ...one } of open)
    if (!now.has(nameOf(pipeline, one)))
      await tell(client, targetName, told, pipeline, { ...one, run: null, what: '', remedy: '' }, 'over')
}

async function tell(
  { workflow }: Context['client'],
  targetName: string,
  told: readonly Told[],
  pipeline: string | null,
  trouble: Trouble,
  state: 'begins' | 'over',
): Promise<void> {
  const whose =
    pipeline === null || pipeline === ALL
      ? everybody(targetName, told)
      : told.find((one) => one.pipeline.pipeline === pipeline)
  if (whose) await startNotices(workflow, whose, describeTrouble(whose, trouble, state), trouble.kind)
}

/** The channels of all pipelines, each once. */
function everybody(targetName: string, told: readonly Told[]): Told | undefined {
  const [first] = told
  if (!first) return undefined
  const channels = new Map(told.flatMap(({ notify = [] }) => notify.map((one) => [one.number, one] as const)))
  const { contact, runbook } = first
  return { targetName, contact, runbook, pipeline: { pipeline: ALL, owner: '' }, notify: [...channels.values()] }
}

/** Those that people were told of and that were not called over. */
async function openTroubles(
  client: Context['client'],
  targetName: string,
  nowMs: number,
): Promise<readonly (Pick<Trouble, 'kind' | 'about' | 'since'> & { readonly pipeline: string })[]> {
  const since = new Date(nowMs - MEMORY_DAYS * 86_400_000).toISOString()
  const query = `WorkflowType = '${NOTICES_WORKFLOW_TYPE}' AND TaskQueue = '${taskQueuesOf(targetName).workflow}' AND StartTime > '${since}'`
  const keys: string[] = []
  const prefix = noticesIdOf(targetName, '')
  for await (const { workflowId } of client.workflow.list({ query }))
    if (workflowId.startsWith(prefix)) keys.push(workflowId.slice(prefix.length))
  return keys.flatMap((key) => {
    const [, pipeline, about, kind, at] = /^([^/]+)\/([^/]+)\/(retrying|unserved)\/([^/]+?)(?:-over)?$/.exec(key) ?? []
    if (!pipeline || key.endsWith('-over') || keys.includes(`${key}-over`)) return []
    return [{ pipeline, about: about!, kind: kind as TroubleKind, since: at! }]
  })
}
