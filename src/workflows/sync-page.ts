import type { SyncInput } from '../plan/sync-input.ts'
import { formatCount } from '../run/figures.ts'
import { formatRunId } from '../run/run-key.ts'
import type { SyncStatus } from '../run/activation.ts'
import { targetOption } from '../run/target-option.ts'

/** What to type to send what is pending. */
export function syncCommand({ definition, destination, ...run }: SyncInput): string {
  return `resegment sync ${formatRunId(run)} --destination ${destination}${targetOption(definition.targetName)}`
}

/** A sync as one short Markdown page, for the Temporal UI. @param failure whole text of the failure */
export function renderSyncPage(input: SyncInput, status: SyncStatus, failure?: string): string {
  const { state, effects, sent } = status
  return [
    `**${formatRunId(input)}** to **${input.destination}** · **${state}**`,
    state === 'superseded'
      ? 'A newer run tells this destination what was left of it.'
      : `${formatCount(sent)} of ${formatCount(effects)} customers told.`,
    ...(failure === undefined
      ? []
      : ['### What to do next', failure.replaceAll('\n', '\n\n'), 'The run is published, whatever becomes of this.']),
  ].join('\n\n')
}
