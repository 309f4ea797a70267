/** What a deploy would do with a schedule. */
export interface PlannedChange {
  readonly scheduleId: string
  readonly action: 'create' | 'update' | 'delete' | 'orphan' | 'unchanged'
  readonly differences: readonly string[]
  readonly drift: readonly string[]
  readonly pause: { readonly by: 'project' | 'people'; readonly note: string } | null
}

const ACTION_COLUMNS = 9
/** Times of years are long, and only that they differ has to be seen. */
const MOST_CHARACTERS = 240

/** A line a schedule, and one for each thing that differs. */
export function schedulePlan(changes: readonly PlannedChange[]): readonly string[] {
  return changes.flatMap(({ scheduleId, action, differences, drift, pause }) => [
    `${action.padEnd(ACTION_COLUMNS)}  ${scheduleId}`,
    ...differences.map((difference) => indented(difference)),
    ...drift.map((difference) => indented(`changed in Temporal, is put right: ${difference}`)),
    ...(pause?.by === 'people'
      ? [indented(`stays paused: ${pause.note || 'without a note'}; --unpause lets it run`)]
      : []),
    ...(action === 'orphan' ? [indented('no pipeline wants it and it goes on; --delete-orphans deletes it')] : []),
  ])
}

function indented(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text
  return `${' '.repeat(ACTION_COLUMNS + 2)}${cut}`
}
