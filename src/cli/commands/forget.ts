import { stdin } from 'node:process'
import type { Command } from 'commander'
import type { TemporalAccess } from '../../client/connect.ts'
import { followErasure, type ErasureEnd } from '../../client/follow-erasure.ts'
import { startErasure } from '../../client/start-erasure.ts'
import type { Environment } from '../../config/environment.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import type { Definition } from '../../plan/definition.ts'
import type { ErasureInput } from '../../plan/erasure-input.ts'
import { erasedLines } from '../../report/erased-lines.ts'
import { openErasures } from '../../wiring/privacy.ts'
import type { WarehouseAddress } from '../../wiring/warehouse.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { confirm } from '../confirm.ts'
import { readCustomerIds } from '../customer-ids.ts'
import { exitCodes, type ExitCode } from '../exit-code.ts'
import { allDefinitions, targetOf, warehousesOf } from '../find-definition.ts'
import { warnOfMissingWorker, withWorker } from '../local-worker.ts'
import { prepareServers } from '../prepare-servers.ts'
import { checkEmbedded, withServers, withTemporal } from '../servers.ts'
import { whoami } from '../who.ts'
import { wholeNumber } from '../whole-number.ts'

interface ForgetOptions {
  readonly file?: string
  readonly reason: string
  readonly by?: string
  readonly yes?: boolean
  readonly embedded?: boolean
  readonly wait: number
}

export function addForget(program: Command): void {
  program
    .command('forget')
    .argument('[ids...]', 'customers, as in the source')
    .description('Erase customers from everything that is kept of them, for good, and segment them never again.')
    .option('--file <path>', 'a file with an id a line; - for standard input')
    .option('--reason <text>', 'why; kept with the evidence', 'The customer asked to be forgotten.')
    .option('--by <name>', 'who decides (default: your user and host name)')
    .option('--wait <minutes>', 'how long destinations may take to hear that they left', wholeNumber, 60)
    .option('--yes', 'do not ask')
    .option('--embedded', 'bring servers and a worker up for this command')
    .action(act(forget))
}

async function forget(context: CommandContext, ids: string[], options: ForgetOptions): Promise<ExitCode> {
  const { terminal, targetName } = context
  const { embedded = false, reason, by = whoami(), wait } = options
  const customerIds = await readCustomerIds({ ids, ...(options.file !== undefined && { file: options.file }) })
  const definitions = allDefinitions(context)
  const target = targetOf(context)
  if (embedded) checkEmbedded(context, target)
  if (!(await isWanted(options, customerIds.length, targetName, terminal.isJson))) {
    terminal.say('Nothing was erased.')
    return exitCodes.done
  }
  return withServers(context, target, embedded ? 'start' : 'join', async (servers) => {
    const ask = async (access: TemporalAccess): Promise<ExitCode> => {
      const ends = []
      for (const address of warehousesOf(definitions)) {
        const request = await writeDown(servers.environment, address, { customerIds, by, reason })
        const { requestId, dueAt } = request
        terminal.say(`Request ${requestId}, due on ${dueAt.slice(0, 10)}.`)
        const place = { target, warehouse: address.secret }
        ends.push(
          await erase(
            context,
            access,
            { ...place, requestId, targetName, minutesForDestinations: wait },
            servers.signal,
          ),
        )
      }
      const overrides = overridesOf(definitions, customerIds)
      terminal.document({ erasures: ends, overrides })
      for (const { pipeline, entries } of overrides)
        terminal.complain(
          `pipelines/${pipeline}.yaml still names ${entries} of them under overrides: remove these entries, deploy, and see docs/guides/privacy.md for what Temporal keeps of earlier runs.`,
        )
      return ends.every(({ state }) => state === 'finished') ? exitCodes.done : exitCodes.failed
    }
    return withTemporal(servers.environment, async (access) => {
      if (!embedded) {
        await warnOfMissingWorker(terminal, access, targetName)
        return ask(access)
      }
      await prepareServers(servers, access, definitions)
      return withWorker(context, servers.environment, () => ask(access))
    })
  })
}

async function writeDown(
  environment: Environment,
  address: WarehouseAddress,
  wish: { readonly customerIds: readonly string[]; readonly by: string; readonly reason: string },
) {
  const erasures = openErasures(environment, address)
  try {
    return await erasures.ask(wish)
  } finally {
    await erasures.close()
  }
}

async function erase(
  { terminal }: CommandContext,
  access: TemporalAccess,
  input: ErasureInput,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> & { readonly state: string }> {
  const workflowId = await startErasure(access, input)
  const said = new Set<string>()
  const end: ErasureEnd | null = await followErasure(
    access,
    workflowId,
    ({ attempt, type, message }) => {
      const line = `Attempt ${attempt} follows; the last one failed: ${type}: ${message.split('\n')[0]}`
      if (!said.has(line)) terminal.say(line)
      said.add(line)
    },
    signal,
  )
  const { requestId } = input
  if (end?.how === 'completed') {
    terminal.say(...erasedLines(end.status))
    return { workflowId, ...end.status }
  }
  if (end) terminal.complain(...end.message.split('\n'))
  else terminal.say('It goes on by itself.')
  return { workflowId, requestId, state: end ? 'failed' : 'running', message: end?.message ?? null }
}

/** Entries of pipeline files that name one of them: only people can remove those. */
function overridesOf(
  definitions: readonly Definition[],
  customerIds: readonly string[],
): readonly { readonly pipeline: string; readonly entries: number }[] {
  const asked = new Set(customerIds)
  return definitions
    .map(({ pipeline: { pipeline, overrides = [] } }) => ({
      pipeline,
      entries: overrides.filter(({ customer }) => asked.has(customer)).length,
    }))
    .filter(({ entries }) => entries > 0)
}

/** @throws WrongUsage where nobody can answer */
async function isWanted(
  { yes = false }: ForgetOptions,
  customers: number,
  targetName: string,
  isJson: boolean,
): Promise<boolean> {
  if (yes) return true
  if (isJson || !stdin.isTTY)
    throw new WrongUsage('Erasing cannot be undone, and nobody is there to ask.', 'Add --yes.')
  const what = customers === 1 ? 'this customer' : `these ${customers} customers`
  return confirm(`Erase ${what} from everything that target ${targetName} keeps? It cannot be undone.`)
}
