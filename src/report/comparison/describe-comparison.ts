import { formatCount, formatInstant, formatShare } from '../../run/figures.ts'
import { lineageTexts, notableLineage } from '../../run/lineage.ts'
import { moveReasonTexts, type MoveReason } from '../../run/transition.ts'
import { outcomeText, verdictText } from '../../run/verdict-text.ts'
import type { ComparedRun } from './compared-run.ts'
import {
  agreementSection,
  driftReading,
  driftSection,
  gateSection,
  moneySection,
  populationSection,
  segmentSection,
  valueOf,
} from './figure-sections.ts'
import { moveSections, nameOf, waysOf } from './move-sections.ts'
import type { ComparisonPage, Section } from './page.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'
import { countText, withheldWays } from './withhold.ts'

/** What a comparison found, in the order in which a person who has to decide asks for it. No customer can be told from it. */
export function describeComparison(run: ComparedRun): ComparisonPage {
  const { runId, period, asOf, against, findings, choices } = run
  const lineage = lineageTexts(notableLineage(findings.lineage), (key) => nameOf(run, key))
  return {
    title: against === null ? `${runId}: the first segments` : `${runId} compared with ${against.runId}`,
    facts: [
      period,
      `as of ${formatInstant(asOf)}`,
      ...(against === null ? [] : [`live: as of ${formatInstant(against.asOf)}`]),
      `${formatCount(findings.customers)} customers`,
    ],
    verdict: { outcome: findings.verdict, text: verdictText(findings) },
    finding: findingOf(run),
    sections: [
      ...(choices.length === 0 ? [] : [{ title: 'What you can do', commands: choices } satisfies Section]),
      gateSection(run),
      ...populationSection(run),
      ...moveSections(run),
      segmentSection(run),
      ...(lineage.length === 0 ? [] : [{ title: 'Splits, merges, beginnings and ends', list: lineage }]),
      ...agreementSection(run),
      ...driftSection(run),
      ...moneySection(run),
    ],
  }
}

function findingOf(run: ComparedRun): readonly string[] {
  const { findings, against, keepsSegments } = run
  const open = findings.checks.filter(({ outcome }) => outcome === 'warn' || outcome === 'hold' || outcome === 'fail')
  const gates = open.map((check) => `${check.gate} (${outcomeText(check, findings.moved)})`)
  return [
    ...(keepsSegments ? ['The segments stay what they are: the live model placed these customers.'] : []),
    ...(against === null ? ['Nothing is live yet, so there was nothing to compare with.'] : movedSentences(run)),
    ...driftSentence(run),
    gates.length === 0 ? 'No gate objects.' : `Not passed: ${gates.join('; ')}.`,
  ]
}

function movedSentences(run: ComparedRun): readonly string[] {
  const { transitions, panel, moved, comparison } = run.findings
  if (panel === 0) return ['No customer is in both.']
  const isMove = ({ fromSegmentKey, toSegmentKey, moveReason }: (typeof transitions)[number]): boolean =>
    fromSegmentKey !== null && toSegmentKey !== null && moveReason !== null
  const sums = new Map<MoveReason, number>()
  for (const one of transitions.filter(isMove))
    sums.set(one.moveReason!, (sums.get(one.moveReason!) ?? 0) + one.customers)
  const reasons = [...sums]
    .filter(([, customers]) => customers >= SMALLEST_CELL)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, customers]) => `${moveReasonTexts[reason]}: ${formatCount(customers)}`)
  const isWithheld = withheldWays(transitions)
  const [largest] = waysOf(transitions)
    .filter(({ from, to, reasons }) => from !== null && to !== null && reasons.size > 0)
    .filter(({ from, to }) => !isWithheld(from, to))
    .sort((a, b) => b.customers - a.customers)
  const counted = (name: 'new' | 'returned' | 'lost') => countText(valueOf(comparison, name) ?? 0)
  return [
    `${countText(moved ?? 0)} of the ${formatCount(panel)} customers in both change segment (${formatShare((moved ?? 0) / panel)})${reasons.length > 0 ? `; ${reasons.join(', ')}` : ''}.`,
    ...(largest
      ? [
          `Most go from “${nameOf(run, largest.from!)}” to “${nameOf(run, largest.to!)}”: ${formatCount(largest.customers)}.`,
        ]
      : []),
    `New: ${counted('new')}; returned: ${counted('returned')}; lost: ${counted('lost')}.`,
  ]
}

function driftSentence({ findings }: ComparedRun): readonly string[] {
  const drifts = findings.comparison.filter(({ measure }) => measure === 'feature_drift')
  if (drifts.length === 0) return []
  const drifted = drifts
    .filter(({ value, previous }) => driftReading(value, previous).tone !== undefined)
    .sort((a, b) => b.value - a.value)
    .map(({ subject, value }) => `${subject} (${value.toFixed(2)})`)
  return [drifted.length === 0 ? 'No feature drifted noticeably.' : `Features that drifted: ${drifted.join(', ')}.`]
}
