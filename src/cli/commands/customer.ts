import type { Command } from 'commander'
import { CustomerNotFound } from '../../errors/customer-not-found.ts'
import { zoneOf } from '../../plan/period.ts'
import { customerPage } from '../../report/customer-page.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf } from '../find-definition.ts'
import { readWarehouse } from '../read-warehouse.ts'
import { idAsPublished } from '../../wiring/pseudonyms.ts'

export function addCustomer(program: Command): void {
  program
    .command('customer')
    .argument('<pipeline>', 'name of the pipeline')
    .argument('<id>', 'customer, as in the source')
    .description('Show the segment of one customer, how sure it is, and every segment before.')
    .action(act(showCustomer))
}

async function showCustomer(context: CommandContext, pipeline: string, id: string): Promise<void> {
  const definition = definitionOf(context, pipeline)
  const customer = await readWarehouse(context, definition, (reader) =>
    reader.customer(pipeline, idAsPublished(context.environment, definition, id)),
  )
  if (!customer)
    throw new CustomerNotFound(
      `Pipeline ${pipeline} never published a customer ${id}.`,
      'Ids are text: see customer_segments.customer_id.',
    )
  context.terminal.document(customer)
  context.terminal.say(...customerPage(customer, zoneOf(definition.pipeline)))
}
