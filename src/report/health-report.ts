import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

/** One thing `doctor` looked at. */
export interface HealthCheck {
  readonly name: string
  readonly outcome: 'ok' | 'warn' | 'fail'
  readonly message: string
  /** What to do; null when there is nothing to do. */
  readonly remedy: string | null
}

const NAME_WIDTH = 20
const INDENT = ' '.repeat('fail'.length + 2 + NAME_WIDTH + 2)

/** A line a check, with the remedy below those that need one. */
export function healthReport(checks: readonly HealthCheck[]): readonly string[] {
  return checks.flatMap(({ name, outcome, message, remedy }) => {
    const [first = '', ...more] = [message, ...(remedy === null ? [] : [remedy])].flatMap((text) =>
      wrapText(text, SCREEN_COLUMNS - INDENT.length),
    )
    return [`${outcome.padEnd(4)}  ${name.padEnd(NAME_WIDTH)}  ${first}`, ...more.map((line) => INDENT + line)]
  })
}
