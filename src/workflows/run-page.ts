import type { RunStatus } from '../run/run-status.ts'
import { stageNames } from '../run/stage.ts'
import type { StepName } from './stage-failure.ts'

export interface PageContent {
  readonly status: RunStatus
  /** The step at work or failed; undefined when none is. */
  readonly step: StepName | undefined
  /** The decision that a held run waits for, as JSON to paste. */
  readonly decisionExample: string | undefined
  /** Whole text of the failure. */
  readonly failure: string | undefined
}

const LINE_CHARACTERS = 76
/** The UI gives the page a little less height than it needs: these lines may be cut off. */
const FOOT = '\u00a0\n\n\u00a0'

/** The run as one Markdown page, for the Temporal UI. */
export function renderRunPage({ status, step, decisionExample, failure }: PageContent): string {
  const id = status.runKey === '' ? status.pipeline : `${status.runKey}~${status.revision}`
  const head = [`**${id}**`, status.period, status.asOf && `as-of ${status.asOf}`, `**${status.status}**`]
  return [
    head.filter(Boolean).join(' · '),
    nextSteps(status, decisionExample, failure),
    stageTable(status, step),
    status.verdict === null ? '' : `Verdict: **${status.verdict}**${verdictNote(status)}`,
    checkTable(status),
    segmentTable(status),
    FOOT,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function stageTable(status: RunStatus, step: StepName | undefined): string {
  const rows = stageNames.map((stage) => {
    const counts = status.stages.find((done) => done.stage === stage)
    if (!counts) return `| ${stage} | | | | ${stage === step ? status.status : ''} |`
    const figures = [counts.rowsIn, counts.rowsOut, counts.rejected].map(grouped)
    return `| ${[stage, ...figures, counts.seconds.toFixed(1)].join(' | ')} |`
  })
  return ['| stage | rows in | rows out | rejected | seconds |', '|---|--:|--:|--:|--:|', ...rows].join('\n')
}

function verdictNote({ moved }: RunStatus): string {
  return moved === null
    ? ': a first run, there was nothing to compare with'
    : `, ${grouped(moved)} customers changed their segment`
}

function checkTable({ checks }: RunStatus): string {
  if (checks.length === 0) return ''
  const rows = checks.map(({ gate, outcome, value }) => `| ${gate} | ${outcome} | ${value?.toFixed(3) ?? '–'} |`)
  return ['### Gates\n\n| gate | outcome | value |', '|---|---|--:|', ...rows].join('\n')
}

function segmentTable({ segments }: RunStatus): string {
  if (segments.length === 0) return ''
  const rows = segments.map(
    ({ segmentKey, name, customers, share }) =>
      `| ${segmentKey} | ${inCell(name)} | ${grouped(customers)} | ${(100 * share).toFixed(1)} % |`,
  )
  return ['### Segments\n\n| segment | name | customers | share |', '|---|---|--:|--:|', ...rows].join('\n')
}

function nextSteps(status: RunStatus, decisionExample: string | undefined, failure: string | undefined): string {
  const title = '### What to do next\n\n'
  if (failure !== undefined) return `${title}${fence(wrapped(failure))}`
  if (decisionExample === undefined) return ''
  return (
    `${title}Look at the gates and the segments below, then decide:\n\n` +
    `- \`resegment approve ${commandArguments(status)} --reason "…"\`\n` +
    `- \`resegment reject ${commandArguments(status)} --reason "…"\`\n` +
    `- or here: _More Actions_, _Send an Update_, \`decide\`, with this argument (\`reject\` instead of \`approve\` to reject):\n\n` +
    fence(decisionExample)
  )
}

/** The run as the command line takes it; the Workflow Id says the target, see the operator's guide. */
function commandArguments({ runKey, revision, workflowId }: RunStatus): string {
  const [target = 'prod'] = workflowId.split('/').slice(0, -1)
  return `${runKey}~${revision}${target === 'dev' ? '' : ` --target ${target}`}`
}

/** 1234567 as 1,234,567: the sandbox has no locale to rely on. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** The UI does not wrap fenced text: what does not fit is not read. */
function wrapped(text: string): string {
  return text.replace(new RegExp(`(?![^\\n]{1,${LINE_CHARACTERS}}$)([^\\n]{1,${LINE_CHARACTERS}})[ ]`, 'gm'), '$1\n')
}

/** Text that is not ours must not become Markdown: the fence is longer than any run of backticks in it. */
function fence(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(Math.max(3, longest + 1))
  return `${ticks}\n${text}\n${ticks}`
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
