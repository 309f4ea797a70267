import type { WorkflowBundleOption } from '@temporalio/worker'
import { checkReplays } from '../../src/workers/replay-check.ts'
import { readHistory, storedHistories } from './history.ts'

/** @returns what replaying the stored histories ended with, by name; undefined where it went well */
export async function replayHistories(
  workflowBundle: WorkflowBundleOption,
): Promise<Record<string, string | undefined>> {
  const histories = await Promise.all(
    storedHistories.map(async (name) => ({ workflowId: name, history: await readHistory(name) })),
  )
  const outcomes = await checkReplays({ workflowBundle }, histories)
  return Object.fromEntries(outcomes.map(({ workflowId, failure }) => [workflowId, failure?.type]))
}

/** All of them, as they should end. */
export const undisturbed = Object.fromEntries(storedHistories.map((name) => [name, undefined]))

/** The last shard's features are made before the others: two steps change places, in TypeScript or in what is built of it. */
export function swapTwoSteps(text: string): string {
  return text.replace(
    /^( *await run\.inShards.*\.buildFeaturesShard.*\n)( *)return (heavy\.buildFeatures\(.*\n)/m,
    '$2const last = await $3$1$2return last\n',
  )
}
