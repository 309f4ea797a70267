import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { renderReportHtml } from '../../report/segmentation/render-report-html.ts'
import { renderReportMarkdown } from '../../report/segmentation/render-report-markdown.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { targetOf } from '../find-definition.ts'
import { type MadeReport, makeIndex, makeReport } from '../make-report.ts'
import { openFile } from '../open-file.ts'
import { withServers } from '../servers.ts'

type Format = 'html' | 'markdown' | 'json'

interface ReportOptions {
  readonly format?: Format
  readonly output?: string
  readonly open?: boolean
  readonly ids?: boolean
}

export function addReport(program: Command): void {
  program
    .command('report')
    .argument('[run or pipeline]', 'run as shop@2026-10-01, or a pipeline: what is live of it. Default: an index')
    .description(
      'Report who the segments are, what changed and what it rests on; without an argument how all pipelines came along.',
    )
    .addOption(
      new Option('--format <format>', 'the whole report in this form. Default: a summary for the screen').choices([
        'html',
        'markdown',
        'json',
      ]),
    )
    .option('--output <file>', 'write it to a file. Default format: html')
    .option('--open', 'open it in the browser')
    .option('--ids', 'name the five customers nearest the middle of each segment: personal data, for your eyes')
    .action(act(report))
}

async function report(context: CommandContext, named: string | undefined, options: ReportOptions): Promise<void> {
  const { terminal } = context
  const { ids = false } = options
  if (ids && named === undefined)
    throw new WrongUsage('The index of all pipelines names no customers.', 'Name a run or a pipeline with --ids.')
  const made = await withServers(context, targetOf(context), 'start', (servers) =>
    named === undefined ? makeIndex(context, servers) : makeReport(context, servers, named, { ids }),
  )
  if (ids)
    terminal.complain(
      'This report names customers by their ids, which is personal data: keep it where only those see it who may, and delete it when it is read.',
    )
  const { format = options.output !== undefined || options.open ? 'html' : undefined } = options
  const text = format && render(made, options.open ? 'html' : format)
  if (text !== undefined && (options.output !== undefined || options.open)) {
    const path =
      options.output === undefined
        ? join(await mkdtemp(join(tmpdir(), 'resegment-')), `${made.name}.html`)
        : resolve(options.output)
    await writeFile(path, text)
    if (options.open) await openFile(path)
    terminal.document({ ...(made.data as object), file: path })
    terminal.say(`The report is in ${path}`)
    return
  }
  terminal.document(made.data)
  terminal.say(...(text === undefined ? made.lines : [text.trimEnd()]))
}

function render({ data, document }: MadeReport, format: Format): string {
  switch (format) {
    case 'html':
      return renderReportHtml(document)
    case 'markdown':
      return renderReportMarkdown(document)
    case 'json':
      return `${JSON.stringify(data, null, 2)}\n`
  }
}
