import type { ServerResponse } from 'node:http'
import { RunNotFound } from '../errors/run-not-found.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { ReportDocument } from '../report/segmentation/document.ts'
import { renderReportHtml } from '../report/segmentation/render-report-html.ts'
import { listen } from '../wiring/listen.ts'
import type { CommandContext } from './command-context.ts'
import { failureText } from './failure-text.ts'
import { makeReview } from './find-reviews.ts'
import { makeIndex, makeReport } from './make-report.ts'
import type { Servers } from './servers.ts'

export interface ServedReports {
  /** `http://127.0.0.1:43211` */
  readonly url: string
  close(): Promise<void>
}

const LOCAL = { host: '127.0.0.1', port: 0 }

const REVIEWS = 'reviews/'
const links = {
  report: (runId: string) => `/${encodeURIComponent(runId)}`,
  review: (runId: string) => `/${REVIEWS}${encodeURIComponent(runId)}`,
}

/** Serves the index of all pipelines, and from it the report and the review of each run, made when it is asked for. On this machine only. */
export async function serveReports(context: CommandContext, servers: Servers): Promise<ServedReports> {
  const make = async (named: string): Promise<ReportDocument> => {
    if (named === '') return (await makeIndex(context, servers, links)).document
    if (named.startsWith(REVIEWS)) return makeReview(context, servers, named.slice(REVIEWS.length))
    return (await makeReport(context, servers, named)).document
  }
  const answer = async (path: string): Promise<string> =>
    renderReportHtml(await make(decodeURIComponent(path.slice(1))))
  const { address, close } = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://reports')
    answer(pathname).then(
      (html) => send(response, 200, 'text/html', html),
      (error: unknown) =>
        send(
          response,
          error instanceof RunNotFound || error instanceof WrongUsage ? 404 : 500,
          'text/plain',
          `${failureText(error, false).join('\n')}\n`,
        ),
    )
  }, LOCAL)
  return { url: `http://${address}`, close }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  response.end(text)
}
