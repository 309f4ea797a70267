import type { Command } from 'commander'
import { clustersInWords } from '../../config/check-cluster.ts'
import { countFeatures } from '../../config/check-features.ts'
import { inspectProject } from '../../config/load-project.ts'
import { rhythmWords } from '../../plan/schedule.ts'
import type { LoadedPipeline } from '../../config/load-project.ts'
import { problemText, refuse } from '../../config/problem-text.ts'
import { joinDefinition } from '../../config/resolve-definition.ts'
import { countOf } from '../../report/figures.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodes } from '../exit-code.ts'

export function addCheck(program: Command): void {
  program
    .command('check')
    .argument('[pipeline]', 'name of a pipeline; all when absent')
    .option('--connect', 'look at the sources too: reachable, columns, freshness, what does not fit')
    .description('Check resegment.yaml and pipelines offline: every problem with its file, line, key and remedy.')
    .action(act(check))
}

async function check(
  context: CommandContext,
  name: string | undefined,
  { connect }: { readonly connect?: boolean },
): Promise<ExitCode> {
  const { projectFolder, targetName, terminal } = context
  const { loaded, pipelines, problems, warnings } = inspectProject(
    projectFolder,
    name === undefined ? undefined : [name],
  )
  if (loaded)
    for (const pipeline of pipelines)
      for (const target of Object.keys(loaded.project.targets)) joinDefinition(loaded, pipeline, target)
  const document = {
    pipelines: pipelines.map((pipeline) => ({ pipeline: pipeline.name, file: pipeline.fileName })),
    problems,
    warnings,
  }
  if (!loaded || problems.length > 0) {
    terminal.document({ ok: false, ...document })
    const { what, remedy } = refuse(problems)
    terminal.complain(what, remedy)
    return exitCodes.wrongUsage
  }
  terminal.say('resegment.yaml is sound.', ...pipelines.map(pipelineLine))
  if (warnings.length > 0) terminal.say('', 'It runs as it is, but know that', ...warnings.map(problemText))
  if (!connect) {
    terminal.document({ ok: true, ...document })
    return exitCodes.done
  }
  const definitions = pipelines.map((pipeline) => joinDefinition(loaded, pipeline, targetName))
  // The engine is loaded only by those who ask for a look.
  const { connectSources } = await import('../connect-sources.ts')
  const { sources, exitCode } = await connectSources(context, definitions)
  terminal.document({ ok: exitCode === exitCodes.done, ...document, sources })
  return exitCode
}

function pipelineLine({ fileName, pipeline }: LoadedPipeline): string {
  const { schedule } = pipeline
  const when = schedule ? rhythmWords(schedule.refit) : 'when started by hand'
  return `${fileName} is sound: ${when}, ${countOf(countFeatures(pipeline), 'feature')}, ${clustersInWords(pipeline)}.`
}
