import type { Generated } from 'kysely'
import type { SchedulePurpose, ScheduleFacts } from '../../plan/deployed-schedule.ts'
import type { TimedPipeline } from '../../plan/period.ts'
import type { ScheduleEvent } from '../../ports/schedule-book.ts'
import type { AlarmKind } from '../../run/alarm.ts'
import type { ExpectedState } from '../../run/expected-run.ts'
import type { RunKind } from '../../run/run-kind.ts'

export interface DeployedScheduleTable {
  id: Generated<number>
  schedule_id: string
  pipeline: string | null
  purpose: SchedulePurpose
  timed: TimedPipeline | null
  facts: ScheduleFacts
  actor: string
  deployed_at: Generated<string>
  removed_at: string | null
}

export interface ExpectedRunTable {
  pipeline: string
  run_key: string
  schedule_id: string
  kind: RunKind
  period: string
  as_of: string
  due_at: string
  missed_after: string
  deadline: string
}

export interface ExpectedRunsView extends Omit<ExpectedRunTable, 'schedule_id' | 'missed_after'> {
  state: ExpectedState
  revision: number | null
  published_at: string | null
  overtaken_by: string | null
  is_overdue: boolean
}

export interface ScheduleEventTable {
  id: Generated<number>
  schedule_id: string
  pipeline: string | null
  event: ScheduleEvent['event']
  actor: string
  reason: string
  recorded_at: Generated<string>
}

export interface AlarmTable {
  id: Generated<number>
  pipeline: string
  kind: AlarmKind
  period: string
  run_key: string
  message: string
  remedy: string
  raised_at: Generated<string>
  cleared_at: string | null
  told_at: Generated<string | null>
  end_told_at: Generated<string | null>
}
