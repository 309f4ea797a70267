import { WrongUsage } from '../errors/wrong-usage.ts'
import type { AssignedCustomer } from '../experiment/assign-customers.ts'
import type { Experiments, KeptExperiment } from '../ports/experiments.ts'
import { openExperiments } from '../wiring/experiments.ts'
import type { WarehouseAddress } from '../wiring/warehouse.ts'
import type { CommandContext } from './command-context.ts'
import { allDefinitions, targetOf, warehousesOf } from './find-definition.ts'
import { withServers } from './servers.ts'

/** Experiments of one warehouse; embedded servers that do not run are brought up for it. */
export function withExperiments<T>(
  context: CommandContext,
  address: WarehouseAddress,
  body: (experiments: Experiments) => Promise<T>,
): Promise<T> {
  return withServers(context, targetOf(context), 'start', async ({ environment }) => {
    const experiments = openExperiments(environment, address)
    try {
      return await body(experiments)
    } finally {
      await experiments.close()
    }
  })
}

/** An experiment that was assigned, whatever pipeline it is of. @throws WrongUsage */
export async function findExperiment(
  context: CommandContext,
  name: string,
): Promise<KeptExperiment & { readonly members: readonly AssignedCustomer[] }> {
  for (const address of warehousesOf(allDefinitions(context))) {
    const found = await withExperiments(context, address, async (experiments) => {
      const drawn = await experiments.find(name)
      return drawn && { ...drawn, members: await experiments.members(name) }
    })
    if (found) return found
  }
  throw new WrongUsage(
    `There is no experiment ${name}.`,
    'See what there is: select distinct experiment from experiment_assignments. Or say with --arm which column of the outcomes has the arms.',
  )
}
