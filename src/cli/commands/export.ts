import { createWriteStream, mkdirSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { DateTime } from 'luxon'
import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import type { CustomerStore, HeldRow } from '../../ports/customer-store.ts'
import { heldCustomers, type HeldInStore } from '../../report/held-customers.ts'
import { openCustomerStores } from '../../wiring/customer-stores.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, targetOf } from '../find-definition.ts'
import { readCustomerIds } from '../customer-ids.ts'
import { withServers } from '../servers.ts'

interface ExportOptions {
  readonly file?: string
  readonly out?: string
}

export function addExport(program: Command): void {
  program
    .command('export')
    .argument('[ids...]', 'customers, as in the source')
    .option('--file <path>', 'a file with an id a line; - for standard input')
    .option('--out <folder>', 'write the rows there: a file of JSON lines for each store (with --json: one document)')
    .description('Collect everything that is held of customers, for those who ask what is known of them.')
    .action(act(exportCustomers))
}

async function exportCustomers(context: CommandContext, named: string[], { file, out }: ExportOptions): Promise<void> {
  const ids = await readCustomerIds({ ids: named, ...(file !== undefined && { file }) })
  const definitions = allDefinitions(context)
  if (out !== undefined) makeEmptyFolder(out)
  const due = DateTime.utc().plus({ months: 1 }).toISODate()
  await withServers(context, targetOf(context), 'join', async ({ environment, signal }) => {
    const open = openCustomerStores(environment, definitions)
    try {
      const known = new Set<string>()
      const held: (HeldInStore & { readonly rowsHeld: readonly HeldRow[] })[] = []
      for (const [index, store] of open.stores.entries()) {
        context.terminal.progress(`Looking into ${store.name}`)
        const path = out === undefined ? undefined : join(out, `${index + 1}.jsonl`)
        held.push(await collect(store, ids, signal, { path, known, keeps: context.terminal.isJson }))
      }
      const unknown = ids.filter((id) => !known.has(id)).length
      const answerBy = { customers: ids.length, unknown, due }
      context.terminal.document({
        ...answerBy,
        stores: held.map(({ store, rowsHeld }) => ({ store, rows: rowsHeld.map(toPlain) })),
      })
      context.terminal.say(...heldCustomers(held, answerBy))
      if (out !== undefined)
        context.terminal.say(...held.map(({ store }, index) => `${join(out, `${index + 1}.jsonl`)}  ${store}`))
    } finally {
      await open.close()
    }
  })
}

interface Collecting {
  /** Of the file of JSON lines; undefined: none. */
  readonly path: string | undefined
  /** Gets the ids that were found. */
  readonly known: Set<string>
  /** Whether the rows themselves are wanted afterwards. */
  readonly keeps: boolean
}

async function collect(
  store: CustomerStore,
  ids: readonly string[],
  signal: AbortSignal,
  { path, known, keeps }: Collecting,
): Promise<HeldInStore & { readonly rowsHeld: readonly HeldRow[] }> {
  const stream = path === undefined ? undefined : createWriteStream(path, { mode: 0o600, flags: 'wx' })
  const places: Record<string, number> = {}
  const rowsHeld: HeldRow[] = []
  let rows = 0
  try {
    for await (const row of store.find(ids, signal)) {
      rows += 1
      known.add(row.customerId)
      places[row.where] = (places[row.where] ?? 0) + 1
      if (keeps) rowsHeld.push(row)
      if (stream && !stream.write(`${JSON.stringify(toPlain(row))}\n`)) await once(stream, 'drain')
    }
  } finally {
    stream?.end()
    if (stream) await finished(stream)
  }
  return { store: store.name, rows, places, rowsHeld }
}

/** A folder of its own: what is in it is about these customers alone. @throws WrongUsage */
function makeEmptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).length > 0)
    throw new WrongUsage(`Folder ${folder} is not empty.`, 'Name an empty folder, or one that is not there yet.')
}

/** Whole numbers that JSON would round are texts. */
function toPlain(row: HeldRow): unknown {
  return JSON.parse(JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
}
