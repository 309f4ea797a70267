import type { Command } from 'commander'
import { RunNotFound } from '../../errors/run-not-found.ts'
import { similarCustomers } from '../../report/similar-customers.ts'
import { idAsPublished } from '../../wiring/pseudonyms.ts'
import { readLive, readSimilarCustomers } from '../../wiring/similar-customers.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, namedRun } from '../find-definition.ts'
import { readStatus } from '../read-status.ts'
import { withServers } from '../servers.ts'
import { wholeNumber } from '../whole-number.ts'

export function addSimilar(program: Command): void {
  program
    .command('similar')
    .argument('<pipeline>', 'name of the pipeline')
    .argument('<id>', 'customer_id as published')
    .description('Show the customers nearest to one, over the standardised features of what is live.')
    .option('--count <number>', 'how many', wholeNumber, 10)
    .action(act(showSimilar))
}

async function showSimilar(
  context: CommandContext,
  pipeline: string,
  id: string,
  { count }: { readonly count: number },
): Promise<void> {
  const { terminal } = context
  const definition = definitionOf(context, pipeline)
  const customerId = idAsPublished(context.environment, definition, id)
  const found = await withServers(context, definition.target, 'start', async (servers) => {
    const { runId, model, segments } = await readLive(servers.environment, definition)
    const { status } = await readStatus(context, servers, namedRun(context, runId))
    const { features: featuresUri, validate: segmentsUri } = status.artifacts
    if (featuresUri === undefined || segmentsUri === undefined)
      throw new RunNotFound(
        `Nobody remembers where the features of ${runId} are, which is live: Temporal has forgotten the run.`,
        `Publish a new one: resegment run ${pipeline}, or resegment run ${pipeline} --score.`,
      )
    terminal.progress('Comparing the customers')
    const place = { runId, model, featuresUri, segmentsUri }
    const similar = await readSimilarCustomers(servers.environment, definition, place, { customerId, count })
    const nameOf = (key: string): string => segments.find(({ segmentKey }) => segmentKey === key)?.name ?? key
    return {
      run: runId,
      ...similar,
      segmentName: nameOf(similar.segmentKey),
      similar: similar.similar.map((one) => ({ ...one, segmentName: nameOf(one.segmentKey) })),
    }
  })
  terminal.document(found)
  terminal.say(...similarCustomers(found))
}
