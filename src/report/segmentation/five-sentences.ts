import type { Validation } from '../../stages/validate/validation.ts'
import { formatCount, formatShare } from '../../run/figures.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'
import { moveReasonTexts, type MoveReason } from '../../run/transition.ts'
import { effectOf } from '../../run/verdict.ts'
import { countText } from '../comparison/withhold.ts'
import type { Report, ReportedSegment } from './report.ts'
import { capital, featureText, listText, valueText } from './value-text.ts'

type Told = Omit<Report, 'sentences' | 'nameChecks' | 'refinements'>

/** The period in five sentences: how many, what they are worth, what changed, who moved, and whether to trust it. */
export function fiveSentences(report: Told, validation: Validation): readonly string[] {
  return [
    sizeSentence(report, validation),
    worthSentence(report),
    changeSentence(report),
    moveSentence(report, validation),
    trustSentence(report, validation),
  ]
}

function sizeSentence({ period, segments, against, customers }: Told, { comparison }: Validation): string {
  const parts = `${formatCount(customers)} customers are in ${formatCount(segments.length)} ${segments.length === 1 ? 'segment' : 'segments'} ${isDay(period) ? 'as of' : 'at the end of'} ${period}`
  if (against === null) return `${parts}; nothing was live before.`
  const [now, before] = [customers, previousCustomers(comparison)]
  if (before === null || Math.abs(now - before) < SMALLEST_CELL) return `${parts}, about as many as before.`
  const change = `${formatCount(Math.abs(now - before))} ${now > before ? 'more' : 'fewer'}`
  return `${parts}, ${change} than in ${against.runId} (${now > before ? '+' : '−'}${formatShare(Math.abs(now - before) / before)}).`
}

/** Without a calendar a run closes no period: it has the day it looks from. */
function isDay(period: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(period)
}

function previousCustomers(comparison: Validation['comparison']): number | null {
  const sizes = comparison.filter(({ measure, subject }) => measure === 'customers' && subject !== null)
  return sizes.length === 0 ? null : sizes.reduce((sum, { previous }) => sum + (previous ?? 0), 0)
}

function worthSentence({ segments, currency }: Told): string {
  const [top] = segments.filter(({ moneyShare }) => moneyShare !== null).sort((a, b) => b.moneyShare! - a.moneyShare!)
  if (top)
    return `“${top.name}” brings ${formatShare(top.moneyShare!)} of the revenue with ${formatShare(top.share)} of the customers: ${valueText(top.moneyEach, currency ?? '')} each.`
  const [largest] = segments
  const trait = largest?.traits.find(({ effect }) => effect !== null)
  return `“${largest!.name}” is the largest with ${formatShare(largest!.share)} of the customers${trait ? `; what sets it apart most is ${featureText(trait.feature)}` : ''}.`
}

function changeSentence({ segments, against }: Told): string {
  if (against === null) {
    const traits = segments.flatMap(({ traits: all, name }) =>
      all.filter(({ effect }) => effect !== null).map((trait) => ({ ...trait, name })),
    )
    const [top] = traits.sort((a, b) => Math.abs(b.effect!) - Math.abs(a.effect!))
    if (!top) return 'No feature tells the segments apart.'
    return `The clearest difference is ${featureText(top.feature)}: ${valueText(top.mean, top.unit)} in “${top.name}”, ${valueText(top.ofAll, top.unit)} over all customers.`
  }
  const changed = segments
    .filter(({ customersBefore, customers }) => customersBefore !== null && customers !== null)
    .map((segment) => ({ segment, change: segment.customers! - segment.customersBefore! }))
    .sort((a, b) => b.change - a.change)
  const [grown, shrunk] = [changed[0], changed.at(-1)]
  const fresh = segments.filter(({ isNew }) => isNew).map(({ name }) => `“${name}”`)
  const texts = [
    ...(grown && grown.change > 0 ? [`“${grown.segment.name}” grew most, by ${changeText(grown.segment)}`] : []),
    ...(shrunk && shrunk.change < 0 ? [`“${shrunk.segment.name}” shrank most, by ${changeText(shrunk.segment)}`] : []),
    ...(fresh.length > 0 ? [`${listText(fresh)} ${fresh.length === 1 ? 'is' : 'are'} new`] : []),
  ]
  return texts.length === 0 ? 'No segment changed its size noticeably.' : `${texts.join('; ')}.`
}

function changeText({ customers, customersBefore }: ReportedSegment): string {
  const change = Math.abs(customers! - customersBefore!)
  return `${formatCount(change)} (${formatShare(change / customersBefore!)})`
}

function moveSentence({ against, flows }: Told, { panel, moved, transitions, comparison }: Validation): string {
  if (against === null || moved === null)
    return 'Nobody moved yet: this is the first publication to compare later ones with.'
  const reasons = new Map<MoveReason, number>()
  for (const { fromSegmentKey, toSegmentKey, moveReason, customers } of transitions)
    if (moveReason !== null && fromSegmentKey !== null && toSegmentKey !== null)
      reasons.set(moveReason, (reasons.get(moveReason) ?? 0) + customers)
  const [why] = [...reasons].sort((a, b) => b[1] - a[1])
  const [largest] = flows.filter(({ from, to }) => from !== null && to !== null && from !== to)
  const counted = (name: 'new' | 'lost'): string =>
    numberText(comparison.find(({ measure }) => measure === name)?.value ?? 0)
  const share = panel === 0 ? '' : ` (${formatShare(moved / panel)})`
  return `${capital(numberText(moved))} of ${formatCount(panel)} customers changed segment${moved < SMALLEST_CELL ? '' : share}${why && why[1] >= SMALLEST_CELL ? `, most because: ${moveReasonTexts[why[0]]}` : ''}${largest ? `, and most of them from “${largest.from!}” to “${largest.to!}”` : ''}; ${counted('new')} are new and ${counted('lost')} are gone.`
}

function numberText(customers: number): string {
  return customers === 0 ? 'none' : countText(customers)
}

function trustSentence({ verdict, decision, segments }: Told, { checks }: Validation): string {
  const open = checks.filter((check) => effectOf(check) !== 'pass').map(({ gate }) => gate)
  const gates =
    open.length === 0
      ? 'Every gate passed'
      : `${open.length} of ${checks.length} gates ${open.length === 1 ? 'asks' : 'ask'} for a look (${listText(open.slice(0, 4))}${open.length > 4 ? ' and others' : ''}), verdict ${verdict}`
  const stable = segments.flatMap(({ stability }) => (stability === null ? [] : [stability]))
  const least = stable.length === 0 ? null : Math.min(...stable)
  const stability =
    least === null
      ? ''
      : `; drawn anew from the data, even the least stable segment comes back with ${formatShare(least)} of its customers`
  return `${gates}${decision ? `, and ${decision.by} decided: ${decision.decision.replaceAll('_', ' ')}` : ''}${stability}.`
}
