import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { kpiCatalogue } from '../../kpi/catalogue/catalogue.ts'
import { kpiList, kpiPage } from '../../report/kpi-list.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'

export function addKpis(program: Command): void {
  program
    .command('kpis')
    .argument('[name]', 'one of them, with all that should be known of it')
    .description(
      'List the figures that segments are judged by, or explain one: what it says, how it is counted, what may mislead.',
    )
    .action(act(listKpis))
}

/** @throws WrongUsage */
function listKpis({ terminal }: CommandContext, name?: string): void {
  if (name === undefined) {
    terminal.document({ kpis: kpiCatalogue })
    terminal.say(...kpiList(kpiCatalogue))
    return
  }
  const entry = kpiCatalogue.find((one) => one.name === name)
  if (!entry)
    throw new WrongUsage(`There is no KPI ${name}.`, `Name one of ${kpiCatalogue.map((one) => one.name).join(', ')}.`)
  terminal.document({ kpi: entry })
  terminal.say(...kpiPage(entry))
}
