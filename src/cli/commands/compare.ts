import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { RunNotFound } from '../../errors/run-not-found.ts'
import { formatRunId } from '../../run/run-key.ts'
import { readComparisonPage } from '../../wiring/comparison-page.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { namedRun } from '../find-definition.ts'
import { openFile } from '../open-file.ts'
import { readStatus } from '../read-status.ts'
import { withServers } from '../servers.ts'

interface CompareOptions {
  readonly liveModel?: boolean
  readonly html?: string
  readonly open?: boolean
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Show the comparison of a run with what was live, also of a held one: as Markdown, or as a page.')
    .option('--live-model', 'of a held run, what use-live-model would publish instead')
    .option('--html <file>', 'write the page, one HTML file that needs nothing else')
    .option('--open', 'open the page in the browser')
    .action(act(compare))
}

async function compare(context: CommandContext, text: string, options: CompareOptions): Promise<void> {
  const { terminal } = context
  const run = namedRun(context, text)
  const found = await withServers(context, run.definition.target, 'start', async (servers) => {
    const { status } = await readStatus(context, servers, run)
    const pages = options.liveModel ? status.byLiveModel?.pages : status.pages
    if (!pages)
      throw new RunNotFound(
        options.liveModel
          ? `Run ${run.text} has no comparison by the live model: that is there for held runs whose customers it can place.`
          : `Run ${run.text} has no comparison: it did not come to the end of stage validate.`,
        'See `resegment describe` for how far it came.',
      )
    return {
      runId: formatRunId(status),
      pages,
      page: await readComparisonPage(servers.environment, run.definition, pages),
    }
  })
  const { runId, pages, page } = found
  const path = await writePage(runId, page.html, options)
  if (options.open) await openFile(path!)
  terminal.document({ run: runId, ...pages, ...(path !== undefined && { file: path }), text: page.markdown })
  terminal.say(...(path === undefined ? [page.markdown.trimEnd()] : [`The comparison is in ${path}`]))
}

/** @returns undefined where no page was asked for */
async function writePage(runId: string, html: string, options: CompareOptions): Promise<string | undefined> {
  if (options.html === undefined && !options.open) return undefined
  const path =
    options.html === undefined
      ? join(await mkdtemp(join(tmpdir(), 'resegment-')), `${runId}.html`)
      : resolve(options.html)
  await writeFile(path, html)
  return path
}
