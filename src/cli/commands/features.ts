import type { Command } from 'commander'
import { featureCatalogue, missingSources } from '../../config/feature-catalogue.ts'
import { featureList, missingList } from '../../report/feature-list.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'

export function addFeatures(program: Command): void {
  program
    .command('features')
    .option('--missing <pipeline>', 'what this pipeline would have to read to build the features it cannot build')
    .description('List the catalogue of features, or the data that a pipeline lacks for some of them.')
    .action(act(listFeatures))
}

function listFeatures({ projectFolder, terminal }: CommandContext, { missing }: { readonly missing?: string }): void {
  if (missing === undefined) {
    const features = featureCatalogue()
    terminal.document({ features })
    terminal.say(...featureList(features))
    return
  }
  const sources = missingSources(projectFolder, missing)
  terminal.document({ pipeline: missing, missing: sources })
  terminal.say(...missingList(missing, sources))
}
