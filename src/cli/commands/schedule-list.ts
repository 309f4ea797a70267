import type { Command } from 'commander'
import { readSchedule } from '../../client/act-on-schedules.ts'
import type { TemporalAccess } from '../../client/connect.ts'
import { wantedSchedules, type WantedSchedule } from '../../client/wanted-schedules.ts'
import type { Environment } from '../../config/environment.ts'
import type { Definition } from '../../plan/definition.ts'
import { type ListedSchedule, scheduleList } from '../../report/schedule-list.ts'
import { type RecordedEvent, withScheduleBooks } from '../../wiring/schedule-books.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, retentionOf, targetOf } from '../find-definition.ts'
import { withReader } from '../read-warehouse.ts'
import { withServers, withTemporal } from '../servers.ts'

/** Among so many runs of a pipeline the newest of each kind is. */
const LOOKED_AT_RUNS = 50

export function addScheduleList(schedule: Command): void {
  schedule
    .command('list')
    .description('List schedules with their next start, their last run and what became of it, and who paused them.')
    .action(act(list))
}

async function list(context: CommandContext): Promise<void> {
  const definitions = allDefinitions(context)
  const schedules = await withServers(context, targetOf(context), 'join', ({ environment }) =>
    withTemporal(environment, async (access) => {
      const pauses = await withScheduleBooks(environment, definitions, (books) => books.newestEvents('paused'))
      const wanted = wantedSchedules(context.targetName, definitions, retentionOf(context))
      return Promise.all(wanted.map((one) => look(environment, access, definitions, pauses, one)))
    }),
  )
  context.terminal.document(schedules)
  context.terminal.say(...scheduleList(schedules))
}

async function look(
  environment: Environment,
  access: TemporalAccess,
  definitions: readonly Definition[],
  pauses: readonly RecordedEvent[],
  { pipeline, purpose, options: { scheduleId } }: WantedSchedule,
): Promise<ListedSchedule> {
  const view = await readSchedule(access, scheduleId)
  const definition = definitions.find((one) => one.pipeline.pipeline === pipeline)
  const runs = definition
    ? await withReader(environment, definition, (reader) => reader.runs(definition.pipeline.pipeline, LOOKED_AT_RUNS))
    : []
  const last = runs.find(({ kind }) => kind === purpose)
  const { pause = null } = view ?? {}
  // A pause of which the book knows another reason was made elsewhere.
  const by = pauses.find((event) => event.scheduleId === scheduleId && pause?.note === event.reason)?.by ?? null
  return {
    scheduleId,
    isDeployed: view !== undefined,
    nextStart: view?.nextStart ?? null,
    lastRun: last ? { runKey: last.runKey, revision: last.revision, status: last.status } : null,
    pause: pause && { note: pause.note, by: pause.by === 'project' ? 'the project' : by },
  }
}
