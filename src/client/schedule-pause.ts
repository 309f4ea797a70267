import type { ScheduleDescription } from '@temporalio/client'

/** Why a schedule starts no runs. */
export interface SchedulePause {
  /** `project`: schedule.paused of the pipeline says so. Else people did, by a command or in the UI. */
  readonly by: 'project' | 'people'
  readonly note: string
}

type ScheduleState = Pick<ScheduleDescription['state'], 'paused' | 'note'>

/** Behind the note of a pause that the project wants: it ends when the project wants it no more. */
const OF_PROJECT = ' (schedule.paused of the pipeline)'

/** @returns null: it runs */
export function pauseOf({ paused, note = '' }: ScheduleState): SchedulePause | null {
  if (!paused) return null
  return { by: note.endsWith(OF_PROJECT) ? 'project' : 'people', note }
}

/**
 * What becomes of the pause of a schedule: one that people made stays, whatever the project says, until they or `unpause` end it.
 *
 * @param state as it is; undefined: there is no such schedule yet
 * @param wanted note of the pause that the project wants; undefined: none
 */
export function wantedState(
  state: ScheduleState | undefined,
  wanted: string | undefined,
  unpause: boolean,
): SchedulePause | null {
  const is = state ? pauseOf(state) : null
  if (is?.by === 'people' && !unpause) return is
  return wanted === undefined ? null : { by: 'project', note: `${wanted}${OF_PROJECT}` }
}
