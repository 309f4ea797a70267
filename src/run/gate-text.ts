import { formatCount, formatGateValue } from './figures.ts'
import { effectOf, type GatePage, type StatusCheck } from './verdict.ts'
import { outcomeText } from './verdict-text.ts'

/** A row of a table of gates: gate, outcome, value. */
export type GateRow = readonly [gate: string, outcome: string, value: string]

export function gateRow(check: StatusCheck, moved: number | null): GateRow {
  const { gate, value, unit } = check
  return [gate, outcomeText(check, moved), value === null ? '–' : formatGateValue(value, unit)]
}

/** Rows of the gates that did not pass. */
export function gateRows(checks: readonly StatusCheck[], moved: number | null): readonly GateRow[] {
  return checks.flatMap((check) =>
    effectOf(check) === 'pass' && check.outcome !== 'hold' ? [] : [gateRow(check, moved)],
  )
}

/**
 * Everything there is to say of a gate that did not pass, a line each with what it is about.
 *
 * @param run the run as commands take it: `shop@2026-10-01~1 --target prod`
 */
export function gatePageLines(page: GatePage, run: string): readonly (readonly [label: string, text: string])[] {
  const { meaning, message, why, remedy, customers, list } = page
  const count = customers === null ? [] : [`${formatCount(customers)} ${customers === 1 ? 'customer' : 'customers'}`]
  const whom = [...count, ...(list === null ? [] : [`\`${nameRun(list, run)}\``])].join(': ')
  return [
    ['Found', message],
    ['Looks at', meaning],
    ['Why it matters', why],
    ...(whom === '' ? [] : [['Customers', whom] as const]),
    ['What one may do', nameRun(remedy, run)],
  ]
}

/** Puts a run in the place of the word `RUN`. */
export function nameRun(text: string, run: string): string {
  return text.replaceAll(/\bRUN\b/g, run)
}
