/** One thing `doctor` looked at. */
export interface HealthCheck {
  readonly name: string
  readonly outcome: 'ok' | 'warn' | 'fail'
  readonly message: string
  /** What to do; null when there is nothing to do. */
  readonly remedy: string | null
}

const NAME_WIDTH = 20

/** One line a check, with the remedy below those that need one. */
export function healthReport(checks: readonly HealthCheck[]): readonly string[] {
  return checks.flatMap(({ name, outcome, message, remedy }) => [
    `${outcome.padEnd(4)}  ${name.padEnd(NAME_WIDTH)}  ${message}`,
    ...(remedy === null ? [] : [`      ${' '.repeat(NAME_WIDTH)}  ${remedy}`]),
  ])
}
