import { formatThreshold } from '../../../run/figures.ts'
import { effectOf, gateOutcomes, worstOutcome, type GateCheck, type GateEffect } from '../../../run/verdict.ts'
import type { GateEntry, GateFinding } from './entry.ts'
import {
  crossedSide,
  levelNames,
  worstLevel,
  type GateLevels,
  type GateThresholds,
  type NotComputable,
} from './thresholds.ts'

/** What becomes of gates that have no say by their thresholds. */
export interface GatePolicies {
  readonly whenNotComputable: NotComputable
  readonly firstRun: FirstRun
}

/** On a first run: quality gates count, or it is held anyway, or only what fails stops it. */
export const firstRunPolicies = ['quality', 'hold', 'publish'] as const
export type FirstRun = (typeof firstRunPolicies)[number]

export interface JudgedGate {
  readonly gate: string
  readonly entry: Pick<GateEntry, 'kind' | 'unit' | 'meaning' | 'why' | 'remedy' | 'leastChange'>
  readonly thresholds: GateThresholds
  readonly isFirstRun: boolean
}

/** The worst of what a gate saw; of findings that are as bad the first. */
export function judgeGate(judged: JudgedGate, findings: readonly GateFinding[], policies: GatePolicies): GateCheck {
  // What is too small to count comes last: of what passes the first is shown.
  const inOrder = [...findings].sort((a, b) => Number(isTooSmall(judged, a)) - Number(isTooSmall(judged, b)))
  const checks = inOrder.map((finding) => ({ finding, check: judge(judged, finding, policies) }))
  const badness = ({ check }: (typeof checks)[number]): number =>
    gateOutcomes.indexOf(effectOf(check)) * gateOutcomes.length + gateOutcomes.indexOf(check.outcome)
  const { finding, check } = checks.reduce((worst, one) => (badness(one) > badness(worst) ? one : worst))
  const seen = findings.flatMap(({ subject, value, changed }) =>
    subject === undefined || value === null
      ? []
      : [{ subject, value, ...(changed === undefined ? {} : { customers: changed }) }],
  )
  return { ...check, ...(seen.length > 0 && { seen }), ...pageOf(judged, finding, check) }
}

function judge(judged: JudgedGate, finding: GateFinding, policies: GatePolicies): GateCheck {
  const { gate, entry, thresholds } = judged
  const { value, subject, message } = finding
  const known = { gate, value, unit: entry.unit, ...(subject !== undefined && { subject }) }
  if (value === null) {
    const effect = effectOfUnknown(judged, policies)
    return { ...known, outcome: 'not-computable', threshold: null, message, ...(effect !== 'pass' && { effect }) }
  }
  const levels = levelsOf(thresholds, subject)
  if (isTooSmall(judged, finding)) {
    const told = `${message} Changes of fewer than ${leastOf(judged)} customers do not count.`
    return { ...known, outcome: 'pass', threshold: null, message: told }
  }
  for (const outcome of levelNames) {
    const threshold = levels[outcome] ? crossedSide(value, levels[outcome]) : null
    if (threshold === null) continue
    const effect = effectOfCrossed(judged, outcome, policies)
    return {
      ...known,
      outcome,
      threshold,
      message: `${message} Outcome ${outcome}: ${formatThreshold(threshold, entry.unit)}.`,
      ...(effect !== outcome && { effect }),
    }
  }
  return { ...known, outcome: 'pass', threshold: null, message }
}

function leastOf({ entry, thresholds }: JudgedGate): number {
  return thresholds.customers ?? entry.leastChange ?? 0
}

function isTooSmall(judged: JudgedGate, { changed }: GateFinding): boolean {
  return changed !== undefined && changed < leastOf(judged)
}

/** Those of the gate, each replaced where the segment has its own. */
function levelsOf({ warn, hold, fail, segments }: GateThresholds, subject: string | undefined): GateLevels {
  const own = subject === undefined ? undefined : segments?.[subject]
  return { warn: own?.warn ?? warn, hold: own?.hold ?? hold, fail: own?.fail ?? fail }
}

function effectOfUnknown({ entry, thresholds, isFirstRun }: JudgedGate, policies: GatePolicies): GateEffect {
  if (isFirstRun && entry.kind === 'comparison') return policies.firstRun === 'hold' ? 'hold' : 'pass'
  const effect = unknownEffect(thresholds, policies)
  return isFirstRun && policies.firstRun === 'publish' && effect === 'hold' ? 'warn' : effect
}

/** A gate that could not be computed does no more than its thresholds could have done, unless the pipeline says so of this gate. */
export function unknownEffect(thresholds: GateThresholds, policies: GatePolicies): GateEffect {
  const worst = worstOutcome([thresholds, ...Object.values(thresholds.segments ?? {})].map(worstLevel))
  return thresholds.whenNotComputable ?? milder(policies.whenNotComputable, worst)
}

function effectOfCrossed({ isFirstRun }: JudgedGate, outcome: GateEffect, { firstRun }: GatePolicies): GateEffect {
  return isFirstRun && firstRun === 'publish' && outcome === 'hold' ? 'warn' : outcome
}

function milder(a: GateEffect, b: GateEffect): GateEffect {
  return gateOutcomes.indexOf(a) < gateOutcomes.indexOf(b) ? a : b
}

/** Only of gates that did something: what passes needs no page. */
function pageOf({ entry }: JudgedGate, { customers, list }: GateFinding, check: GateCheck): Pick<GateCheck, 'page'> {
  if (effectOf(check) === 'pass' && check.outcome !== 'hold') return {}
  const { meaning, why, remedy } = entry
  return {
    page: { meaning, message: check.message, why, remedy, customers: customers ?? null, list: list ?? null },
  }
}
