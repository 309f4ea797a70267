import { formatCount, formatSeconds, formatShare } from '../run/figures.ts'
import { gatePageLines, gateRow } from '../run/gate-text.ts'
import { lineageTexts } from '../run/lineage.ts'
import { type RunStatus, wasPublished } from '../run/run-status.ts'
import { type EarlierStages, findSlowStages, usualSecondsOf } from '../run/stage-durations.ts'
import { type StageName, stageNames } from '../run/stage.ts'
import { moveReasonTexts } from '../run/transition.ts'
import type { GatePage, StatusCheck } from '../run/verdict.ts'
import type { StepName } from './stage-failure.ts'

// The UI draws no lines between columns: figures stand last, or they run into the text beside them.

/** @param earlier what stages usually take: told of the stage at work, and of those that took much longer */
export function stageTable(status: RunStatus, step: StepName | undefined, earlier: EarlierStages): string {
  const slow = findSlowStages(status.stages, earlier)
  const rows = stageNames.map((stage) => {
    const counts = status.stages.find((done) => done.stage === stage)
    if (!counts) return tableRow(stage, '', '', '', stage === step ? atWork(status, stage, earlier) : '')
    const took = withUsual(formatSeconds(counts.seconds), slow.find((one) => one.stage === stage)?.usualSeconds)
    return tableRow(stage, ...[counts.rowsIn, counts.rowsOut, counts.rejected].map(formatCount), took)
  })
  return ['| stage | rows in | rows out | rejected | took |', '|:--|--:|--:|--:|--:|', ...rows].join('\n')
}

function atWork({ status }: RunStatus, stage: StageName, earlier: EarlierStages): string {
  return withUsual(status, status === 'running' ? usualSecondsOf(stage, earlier) : undefined)
}

function withUsual(text: string, usualSeconds: number | undefined): string {
  return usualSeconds === undefined ? text : `${text}, usually ${formatSeconds(usualSeconds)}`
}

export function checkTable({ checks, moved }: RunStatus): string {
  if (checks.length === 0) return ''
  const rows = checks.map((check) => tableRow(...gateRow(check, moved)))
  return ['### Gates\n\n| gate | outcome | value |', '|:--|:--|--:|', ...rows].join('\n')
}

/**
 * A part for each gate that did not pass: what it found, why it matters, who is concerned, what one may do.
 *
 * @param run the run as commands take it
 */
export function gatePages({ checks, moved }: RunStatus, run: string): string {
  return checks.flatMap((check) => (check.page ? [gatePage(check, check.page, moved, run)] : [])).join('\n\n')
}

function gatePage(check: StatusCheck, page: GatePage, moved: number | null, run: string): string {
  const [gate, outcome, value] = gateRow(check, moved)
  const lines = gatePageLines(page, run).map(([label, text]) => `- **${label}**: ${text.replaceAll('\n', ' ')}`)
  return [`#### ${gate}: ${value}, ${outcome}`, '', ...lines].join('\n')
}

export function moveTable(run: RunStatus): string {
  const { moves } = run
  if (!moves || moves.largest.length === 0) return ''
  const rows = moves.largest.map(({ from, to, customers, moveReason }) =>
    tableRow(from ?? '–', to ?? '–', moveReasonTexts[moveReason], formatCount(customers)),
  )
  const others = tableRow('smaller moves', '', '', formatCount(moves.otherCustomers))
  return [
    `### Who ${wasPublished(run) ? 'moved' : 'would move'} and why\n\n| from | to | why | customers |`,
    '|:--|:--|:--|--:|',
    ...rows,
    ...(moves.otherCustomers > 0 ? [others] : []),
  ].join('\n')
}

export function lineageList({ lineage = [] }: RunStatus): string {
  const texts = lineageTexts(lineage)
  return texts.length === 0 ? '' : `### What became of segments\n\n${texts.map((text) => `- ${text}`).join('\n')}`
}

export function remarkList({ remarks = [] }: RunStatus): string {
  return remarks.join('\n\n')
}

export function segmentTable({ segments }: RunStatus): string {
  if (segments.length === 0) return ''
  const rows = segments.map(({ segmentKey, name, customers, share }) =>
    tableRow(segmentKey, name, formatCount(customers), formatShare(share)),
  )
  return ['### Segments\n\n| segment | name | customers | share |', '|:--|:--|--:|--:|', ...rows].join('\n')
}

function tableRow(...cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}
