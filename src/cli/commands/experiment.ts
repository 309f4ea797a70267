import type { Command } from 'commander'
import { addAnalyse } from './experiment-analyse.ts'
import { addAssign } from './experiment-assign.ts'
import { addPlan } from './experiment-plan.ts'

export function addExperiment(program: Command): void {
  const experiment = program
    .command('experiment')
    .description('Try something on some customers of a segment: how many it takes, who they are, and what came of it.')
  for (const add of [addPlan, addAssign, addAnalyse]) add(experiment)
}
