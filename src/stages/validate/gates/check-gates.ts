import type { GateCheck } from '../../../run/verdict.ts'
import type { ValidateConfig } from '../config.ts'
import { gateCatalogue, gateNames, isOnlyOfScore, scoreGateNames, type GateName } from './catalogue.ts'
import { customEntry } from './custom-gates.ts'
import type { ComparedFacts, GateEntry, GateFacts, GateFinding, JudgedRun } from './entry.ts'
import { judgeGate } from './judge.ts'
import { worstLevel, type GateThresholds } from './thresholds.ts'

/** Every gate that is about this run, computed: its outcome is the worst threshold that the value crosses. */
export function checkGates(config: ValidateConfig, facts: GateFacts): readonly GateCheck[] {
  const run = facts.kind === 'score' ? 'score' : facts.isKept ? 'kept' : 'fitted'
  const isFirstRun = facts.published === null
  return gatesOf(config, run).flatMap(({ gate, entry, thresholds }) => {
    const findings = findingsOf(entry, thresholds, facts)
    return findings === null ? [] : [judgeGate({ gate, entry, thresholds, isFirstRun }, findings, config)]
  })
}

export interface ConfiguredGate {
  readonly gate: string
  readonly entry: GateEntry
  readonly thresholds: GateThresholds
}

/** Gates that judge such a run with the thresholds that hold for it, those of the pipeline's own last. */
export function gatesOf(config: ValidateConfig, run: JudgedRun): readonly ConfiguredGate[] {
  const ofCatalogue = gateNames.flatMap((gate): ConfiguredGate[] => {
    const entry: GateEntry = gateCatalogue[gate]
    return entry.runs.includes(run) ? [{ gate, entry, thresholds: thresholdsOf(config, gate, run) }] : []
  })
  return [...ofCatalogue, ...config.custom.map((own) => ({ gate: own.name, entry: customEntry(own), thresholds: own }))]
}

/** What is written; a gate with settings but no threshold keeps its default ones, and `{}` has none. */
function thresholdsOf(config: ValidateConfig, gate: GateName, run: JudgedRun): GateThresholds {
  const entry: GateEntry = gateCatalogue[gate]
  const ofScore = scoreGateNames.find((name) => name === gate)
  const isOfScore = ofScore !== undefined && (run === 'score' || isOnlyOfScore(gate))
  const written = isOfScore ? config.score[ofScore] : isOnlyOfScore(gate) ? {} : config[gate]
  const defaults = isOfScore ? entry.scoreDefaults! : entry.defaults
  const hasSettings = Object.values(written).some((value) => value !== undefined)
  return worstLevel(written) === 'pass' && hasSettings ? { ...defaults, ...written } : written
}

/** Null: the gate is not about this run. */
function findingsOf(entry: GateEntry, thresholds: GateThresholds, facts: GateFacts): readonly GateFinding[] | null {
  if (entry.kind === 'quality') {
    if (entry.isAbout && !entry.isAbout(facts, thresholds)) return null
    return withMissing(entry, entry.measure(facts), thresholds, facts)
  }
  if (facts.published === null)
    return [{ value: null, message: 'Nothing is published yet: there is nothing to compare with.' }]
  const compared: ComparedFacts = { ...facts, published: facts.published }
  if (entry.isAbout && !entry.isAbout(compared, thresholds)) return null
  return withMissing(entry, entry.measure(compared), thresholds, facts)
}

/** Segments with thresholds of their own that the gate did not see: one that is gone has nobody, one that never was is a slip. */
function withMissing(
  { ofNobody }: GateEntry,
  findings: readonly GateFinding[],
  { segments = {} }: GateThresholds,
  { knownKeys, segments: candidate }: GateFacts,
): readonly GateFinding[] {
  const missing = Object.keys(segments).filter((key) => !findings.some(({ subject }) => subject === key))
  return [
    ...findings,
    ...missing.map((subject): GateFinding => {
      if (!knownKeys.includes(subject))
        return {
          value: null,
          message: `Segment ${subject} has a threshold of its own and never was: the pipeline knows ${knownKeys.join(', ')}.`,
        }
      const isGone = !candidate.some(({ segmentKey }) => segmentKey === subject)
      return isGone && ofNobody !== undefined
        ? { subject, value: ofNobody, message: `Segment ${subject} has no customers any more.`, customers: 0 }
        : { value: null, message: `Segment ${subject} has a threshold of its own, and this gate no figure of it.` }
    }),
  ]
}
