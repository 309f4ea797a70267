import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { parseArmShares } from '../../experiment/arm-shares.ts'
import { assignCustomers, type Assignment } from '../../experiment/assign-customers.ts'
import { experimentAssignment } from '../../report/experiment-assignment.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, warehouseOf } from '../find-definition.ts'
import { withExperiments } from '../find-experiment.ts'
import { whoami } from '../who.ts'

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/

interface AssignOptions {
  readonly arms: string
  readonly segments?: readonly string[]
  readonly salt?: string
  readonly by?: string
}

export function addAssign(experiment: Command): void {
  experiment
    .command('assign')
    .argument('<name>', 'of the experiment: spring-offer')
    .argument('<pipeline>', 'name of the pipeline whose live segments take part')
    .description('Draw the arms of an experiment by segment, and keep them: view experiment_assignments.')
    .requiredOption('--arms <shares>', 'arms and their shares, the control first: control:0.5,offer:0.5')
    .option('--segments <names...>', 'names or keys of the segments that take part (default: all)')
    .option('--salt <text>', 'another salt, another draw (default: the name)')
    .option('--by <name>', 'who does (default: your user and host name)')
    .action(act(assign))
}

async function assign(context: CommandContext, name: string, pipeline: string, options: AssignOptions): Promise<void> {
  const { by = whoami(), salt = name, segments } = options
  if (!NAME.test(name))
    throw new WrongUsage(
      `"${name}" is no name for an experiment.`,
      'Take at most 63 small letters, digits, dots, dashes and underscores: spring-offer.',
    )
  const arms = parseArmShares(options.arms)
  const address = warehouseOf(definitionOf(context, pipeline))
  const { runKey, drawn } = await withExperiments(context, address, async (experiments) => {
    const live = await experiments.live(pipeline)
    if (!live)
      throw new WrongUsage(
        `Nothing of ${pipeline} is live, so that it has no segments.`,
        `Run it: resegment run ${pipeline}`,
      )
    checkSegments(segments, live.customers)
    const assignment: Assignment = assignCustomers(live.customers, { arms, salt, segments })
    if (!(await experiments.keep({ name, pipeline, runKey: live.runKey, arms }, assignment.members, by)))
      throw new WrongUsage(
        `There is an experiment ${name} already: who takes part in it stays.`,
        'Choose another name, or analyse that one: resegment experiment analyse.',
      )
    return { runKey: live.runKey, drawn: assignment }
  })
  const { members, heldOut, outside } = drawn
  const counts = arms.map((arm) => ({ ...arm, customers: members.filter((one) => one.arm === arm.name).length }))
  context.terminal.document({ experiment: name, pipeline, run: runKey, arms: counts, heldOut, outside })
  context.terminal.say(...experimentAssignment(name, arms, drawn))
}

/** @throws WrongUsage when a segment is not there */
function checkSegments(
  wanted: readonly string[] | undefined,
  customers: readonly { readonly segmentKey: string; readonly segmentName: string }[],
): void {
  const names = new Map(customers.map(({ segmentKey, segmentName }) => [segmentKey, segmentName]))
  const known = new Set([...names.keys(), ...names.values()])
  const unknown = (wanted ?? []).filter((segment) => !known.has(segment))
  if (unknown.length > 0)
    throw new WrongUsage(
      `No customer is in ${unknown.join(', ')}; the segments are ${[...new Set(names.values())].sort().join(', ')}.`,
      'Name some of these with --segments.',
    )
}
