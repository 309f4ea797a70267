import { formatCount, formatShare } from '../../run/figures.ts'
import { lineageTexts } from '../../run/lineage.ts'
import { type Move, SMALLEST_CELL } from '../../run/moves.ts'
import type { RunStatus } from '../../run/run-status.ts'
import { moveReasonTexts } from '../../run/transition.ts'
import { effectOf } from '../../run/verdict.ts'
import { movedText, outcomeText, verdictText } from '../../run/verdict-text.ts'

const MOST_SEGMENTS = 5
const MOST_LINEAGE = 3

/** What a run found, in five sentences: which segments, who moved, why, the verdict, what became of segments. */
export function foundSentences(run: RunStatus): readonly string[] {
  return [segmentSentence(run), movedSentence(run), whySentence(run), verdictSentence(run), lineageSentence(run)]
}

function segmentSentence({ segments }: RunStatus): string {
  const customers = segments.reduce((sum, segment) => sum + segment.customers, 0)
  const shown = [...segments].sort((a, b) => b.customers - a.customers).slice(0, MOST_SEGMENTS)
  const others = segments.length - shown.length
  const named = shown.map(({ name, share, ...segment }) =>
    // Of very few people even a share says too much.
    segment.customers < SMALLEST_CELL ? name : `${name} ${formatShare(share)}`,
  )
  const list = [...named, ...(others > 0 ? [`${others} others`] : [])].join(', ')
  return `${segments.length} ${segments.length === 1 ? 'segment' : 'segments'} of ${formatCount(customers)} customers: ${list}.`
}

function movedSentence(run: RunStatus): string {
  const [largest] = betweenSegments(run)
  const most = largest ? ` Most go from “${largest.from}” to “${largest.to}”: ${formatCount(largest.customers)}.` : ''
  return `${movedText(run.moved, run)}${most}`
}

function whySentence(run: RunStatus): string {
  const sums = new Map<string, number>()
  for (const { moveReason, customers } of run.moves?.largest ?? []) {
    const text = moveReasonTexts[moveReason]
    sums.set(text, (sums.get(text) ?? 0) + customers)
  }
  if (sums.size === 0) return run.moves === null ? 'Nothing was live before.' : 'There is no larger move to explain.'
  const reasons = [...sums].sort((a, b) => b[1] - a[1]).map(([text, customers]) => `${text}: ${formatCount(customers)}`)
  return `Why: ${reasons.join(', ')}.`
}

function verdictSentence({ verdict, moved, checks }: RunStatus): string {
  if (verdict === null) return 'It has no verdict.'
  const open = checks.filter((check) => effectOf(check) !== 'pass' || check.outcome === 'hold')
  const gates = open.map((check) => `${check.gate} (${outcomeText(check, moved)})`)
  return `Verdict: ${verdictText({ verdict, moved })}${gates.length > 0 ? `; not passed: ${gates.join('; ')}` : ''}.`
}

function lineageSentence({ lineage = [], moved }: RunStatus): string {
  if (moved === null) return 'All segments are new.'
  const texts = lineageTexts(lineage)
  const others = texts.length - MOST_LINEAGE
  if (texts.length === 0) return 'Every segment goes on as it was.'
  return `${texts.slice(0, MOST_LINEAGE).join('; ')}${others > 0 ? `; and ${others} more` : ''}.`
}

function betweenSegments({ moves }: RunStatus): readonly Move[] {
  return (moves?.largest ?? []).filter(({ from, to }) => from !== null && to !== null)
}
