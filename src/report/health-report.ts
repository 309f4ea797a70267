import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

export type HealthOutcome = 'ok' | 'warning' | 'problem'

/** One thing `doctor` looked at. */
export interface HealthCheck {
  readonly name: string
  readonly outcome: HealthOutcome
  readonly message: string
  /** What to do; null when there is nothing to do. */
  readonly remedy: string | null
}

const OUTCOME_WIDTH = 'problem'.length
const NAME_WIDTH = 20
const INDENT = ' '.repeat(OUTCOME_WIDTH + 2 + NAME_WIDTH + 2)

/** A line a check, with the remedy below those that need one, and how many need one at the end. */
export function healthReport(checks: readonly HealthCheck[]): readonly string[] {
  const count = (wanted: HealthOutcome): number => checks.filter(({ outcome }) => outcome === wanted).length
  const lines = checks.flatMap(({ name, outcome, message, remedy }) => {
    const [first = '', ...more] = [message, ...(remedy === null ? [] : [remedy])].flatMap((text) =>
      wrapText(text, SCREEN_COLUMNS - INDENT.length),
    )
    const title = `${outcome.padEnd(OUTCOME_WIDTH)}  ${name.padEnd(NAME_WIDTH)}  `
    // A long name takes a line of its own.
    const head = title.length > INDENT.length ? [title.trimEnd(), INDENT + first] : [title + first]
    return [...head, ...more.map((line) => INDENT + line)]
  })
  return [...lines, '', `${count('ok')} ok, ${count('warning')} warnings, ${count('problem')} problems`]
}
