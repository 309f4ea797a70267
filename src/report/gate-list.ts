import { formatGateValue, type GateUnit } from '../run/figures.ts'
import { effectOf, type GateOutcome, type ShortCheck } from '../run/verdict.ts'
import { block } from './run-report.ts'
import { textTable } from './text-table.ts'

/** A gate as a pipeline has it. */
export interface GateLine {
  readonly gate: string
  readonly unit: GateUnit
  readonly thresholds: string
  readonly segments: readonly string[]
  readonly whenNotComputable: string
  readonly firstRun: string
}

/** Gates with their thresholds. */
export function gateList(gates: readonly GateLine[]): readonly string[] {
  return textTable(
    [
      { title: 'Gate' },
      { title: 'Unit' },
      { title: 'Thresholds' },
      { title: 'Not computable' },
      { title: 'First run' },
    ],
    gates.flatMap(({ gate, unit, thresholds, segments, whenNotComputable, firstRun }) => [
      [gate, unit, thresholds, whenNotComputable, firstRun],
      ...segments.map((text) => ['', '', `  ${text}`, '', '']),
    ]),
  )
}

/** A past run under the gates of today. */
export interface ReplayedLine {
  /** `shop@2026-07-01~1` */
  readonly run: string
  readonly then: GateOutcome | null
  readonly verdict: GateOutcome
  readonly gates: readonly {
    readonly gate: string
    readonly now:
      (Pick<ShortCheck, 'outcome' | 'effect' | 'value' | 'threshold' | 'unit'> & { readonly subject?: string }) | null
  }[]
}

/** Run by gate: the value of each, and what it would do; then which gates would fire. */
export function gateHistory(runs: readonly ReplayedLine[]): readonly string[] {
  if (runs.length === 0) return ['No run of this pipeline has recorded a gate yet.']
  const gates = [...new Set(runs.flatMap(({ gates: all }) => all.map(({ gate }) => gate)))]
  const cell = (line: ReplayedLine, gate: string): string => {
    const now = line.gates.find((one) => one.gate === gate)?.now
    if (!now) return ''
    const value = now.value === null ? '–' : formatGateValue(now.value, now.unit)
    const effect = effectOf(now)
    return effect === 'pass' ? value : `${value} ${effect}`
  }
  return [
    ...textTable(
      [{ title: 'Gate' }, ...runs.map(({ run }) => ({ title: run, align: 'right' as const }))],
      [
        ...gates.map((gate) => [gate, ...runs.map((line) => cell(line, gate))]),
        ['verdict by these gates', ...runs.map(({ verdict }) => verdict)],
        ['verdict then', ...runs.map(({ then }) => then ?? '–')],
      ],
    ),
    ...block(runs.flatMap(firedLines)),
  ]
}

function firedLines({ run, gates }: ReplayedLine): readonly string[] {
  const fired = gates.flatMap(({ gate, now }) => {
    if (!now || effectOf(now) === 'pass') return []
    const whom = now.subject === undefined ? '' : ` of ${now.subject}`
    return [`${gate}${whom} (${effectOf(now)}${now.threshold === null ? '' : ` ${now.threshold}`})`]
  })
  return fired.length === 0 ? [] : [`${run}: ${fired.join(', ')}`]
}
