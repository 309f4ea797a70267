import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { writeDemoShop } from '../../demo/write-demo-shop.ts'
import { countOf } from '../../report/figures.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { wholeNumber } from '../whole-number.ts'

interface DemoDataOptions {
  readonly out?: string
  readonly seed: number
  readonly customers: number
}

export function addDemoData(program: Command): void {
  program
    .command('demo-data')
    .description('Write the files of the demo shop: two years of orders with known groups. Same seed, same bytes.')
    .option('--out <dir>', 'folder for the files (default: demo in the state folder)')
    .option('--seed <number>', 'what the shop is drawn from', wholeNumber, 1)
    .option('--customers <number>', 'customers who order at least once', wholeNumber, 2000)
    .action(act(writeDemoData))
}

async function writeDemoData(
  { projectFolder, stateFolder, terminal }: CommandContext,
  { out, seed, customers }: DemoDataOptions,
): Promise<void> {
  const folder = out === undefined ? resolve(stateFolder, 'demo') : resolve(out)
  const shop = await writeDemoShop({ folder, seed, customers })
  terminal.document(shop)
  terminal.say(
    `${countOf(shop.customers, 'customer')} and ${countOf(shop.orders, 'order')} of a made-up shop:`,
    ...[shop.orderLinesPath, shop.customersPath, shop.truthPath].map((path) => `  ${relative(projectFolder, path)}`),
  )
}
