import type { Command } from 'commander'
import type { TemporalAccess } from '../../client/connect.ts'
import { verifyRun } from '../../client/verify-run.ts'
import { verificationLines, verifiedStageLine } from '../../report/verification-lines.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodeOfVerification, type ExitCode } from '../exit-code.ts'
import { namedRun } from '../find-definition.ts'
import { warnOfMissingWorker, withWorker } from '../local-worker.ts'
import { prepareServers } from '../prepare-servers.ts'
import { withReader } from '../read-warehouse.ts'
import { checkEmbedded, withServers, withTemporal } from '../servers.ts'
import type { Servers } from '../servers.ts'

interface VerifyOptions {
  readonly fromSource?: boolean
  readonly embedded?: boolean
}

export function addVerify(program: Command): void {
  program
    .command('verify')
    .argument('<run>', 'run as shop@2026-10-01 (its newest published revision) or shop@2026-10-01~2')
    .description('Compute a finished run again from what it recorded, and compare it with what consumers can read.')
    .option('--from-source', 'read the sources again, also when what the run read of them is kept')
    .option('--embedded', 'bring servers and a worker up for this command')
    .action(act(verify))
}

async function verify(context: CommandContext, text: string, options: VerifyOptions): Promise<ExitCode> {
  const { terminal, targetName } = context
  const { embedded = false, fromSource = false } = options
  const { definition, ...named } = namedRun(context, text)
  if (embedded) checkEmbedded(context, definition.target)
  return withServers(context, definition.target, embedded ? 'start' : 'join', async (servers) => {
    const { runKey } = named
    const revision =
      named.revision ??
      (await withReader(servers.environment, definition, (reader) => reader.newestPublished(runKey))) ??
      1
    const input = { definition, runKey, revision, fromSource }
    return withTemporal(servers.environment, async (access) => {
      if (!embedded) {
        await warnOfMissingWorker(terminal, access, targetName)
        return watch(context, servers, access, input)
      }
      await prepareServers(servers, access, [definition])
      return withWorker(context, servers.environment, () => watch(context, servers, access, input))
    })
  })
}

async function watch(
  { terminal }: CommandContext,
  { signal }: Servers,
  access: TemporalAccess,
  input: Parameters<typeof verifyRun>[1],
): Promise<ExitCode> {
  const said = new Set<string>()
  const sayOnce = (line: string): void => {
    if (!said.has(line)) terminal.say(line)
    said.add(line)
  }
  const startedMs = performance.now()
  const verification = await verifyRun(
    access,
    input,
    {
      onProgress({ at, stages }) {
        for (const stage of stages) sayOnce(verifiedStageLine(stage))
        terminal.progress(`computing again: ${at}  ${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
      },
      onTrouble: ({ activityId, attempt, type, message }) =>
        sayOnce(`${activityId}: attempt ${attempt} follows; the last one failed: ${type}: ${message.split('\n')[0]}`),
    },
    signal,
  ).finally(() => terminal.clear())
  for (const stage of verification.stages) sayOnce(verifiedStageLine(stage))
  terminal.document({ ...verification })
  terminal.say(...verificationLines(verification))
  return exitCodeOfVerification(verification.answer)
}
