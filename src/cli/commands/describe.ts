import type { Command } from 'commander'
import { gatePages } from '../../report/gate-pages.ts'
import { pendingLines } from '../../report/pending-lines.ts'
import { runDescription } from '../../report/run-description.ts'
import { runVersionLines } from '../../report/run-version-lines.ts'
import { findSlowStages } from '../../run/stage-durations.ts'
import { targetOption } from '../../run/target-option.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { namedRun } from '../find-definition.ts'
import { decisionLines } from '../run-outcome.ts'
import { readStatus } from '../read-status.ts'
import { withServers } from '../servers.ts'

export function addDescribe(program: Command): void {
  program
    .command('describe')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Show a run: stages, segments, checks, who moved and why, who decided what.')
    .action(act(describe))
}

async function describe(context: CommandContext, text: string): Promise<void> {
  const { terminal, targetName } = context
  const run = namedRun(context, text)
  const { recorded, view, status } = await withServers(context, run.definition.target, 'start', (servers) =>
    readStatus(context, servers, run),
  )
  const background = {
    isLive: recorded?.isLive ?? false,
    dataQuality: recorded?.dataQuality ?? [],
    ruleEvidence: recorded?.ruleEvidence ?? null,
    layerEvidence: recorded?.layerEvidence ?? null,
    overrides: recorded?.overrides ?? null,
    events: recorded?.events ?? [],
    syncs: recorded?.syncs ?? [],
    slowStages: findSlowStages(status.stages, recorded?.earlierStages ?? []),
    failure: recorded?.failure ?? (view?.end?.how === 'failed' ? view.end.message : null),
  }
  const transitions = recorded?.transitions ?? []
  const { trouble = null, pending = [], version = null } = view ?? {}
  terminal.document({ ...recorded, ...status, ...background, transitions, trouble, pending, version })
  terminal.say(...runDescription(status, background), ...gatePages(status, targetName))
  if (status.status === 'held') terminal.say('', ...decisionLines(status, targetName))
  const workers = view ? runVersionLines(view, targetName) : []
  if (workers.length > 0) terminal.say('', ...workers)
  if (pending.length > 0) terminal.say('', ...pendingLines(pending, text + targetOption(targetName)))
}
