import type { Command } from 'commander'
import { inspectProject } from '../../config/load-project.ts'
import { refuse } from '../../config/problem-text.ts'
import { processingRecord } from '../../plan/processing-record.ts'
import { privacyRecord } from '../../report/privacy-record.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'

export function addPrivacy(program: Command): void {
  program
    .command('privacy')
    .argument('[pipeline]', 'name of a pipeline; all when absent')
    .description('Print the record of processing: what is read of customers, for what, on which basis, where it goes.')
    .action(act(privacy))
}

function privacy({ projectFolder, terminal }: CommandContext, name: string | undefined): void {
  const { loaded, pipelines, problems } = inspectProject(projectFolder, name === undefined ? undefined : [name])
  if (!loaded || problems.length > 0) throw refuse(problems)
  const records = pipelines.map(({ pipeline }) => processingRecord(pipeline, loaded.project))
  terminal.document({ records })
  terminal.say(...records.flatMap((record, index) => [...(index === 0 ? [] : ['']), ...privacyRecord(record)]))
}
