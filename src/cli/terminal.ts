import type { Surroundings } from './surroundings.ts'

/** Where a command's words go: results to stdout, and with `--json` one document there and everything else to stderr. */
export interface Terminal {
  readonly isJson: boolean
  /** Lines for people: stdout, or stderr beside a JSON document. */
  say(...lines: readonly string[]): void
  /** A line about what is being done before the results, to stderr: a build that takes minutes must not look dead. */
  step(line: string): void
  /** A line that the next one replaces; only on a terminal, elsewhere nothing. */
  progress(line: string): void
  /** Takes the progress line away. */
  clear(): void
  /** The one JSON document. Nothing without `--json`. */
  document(value: unknown): void
  /** stderr. */
  complain(...lines: readonly string[]): void
}

const ERASE_LINE = '\r\u001b[2K'

export function openTerminal(isJson: boolean, { stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>): Terminal {
  const people = isJson ? stderr : stdout
  let isProgressShown = false
  const clear = (): void => {
    if (isProgressShown) stderr.write(ERASE_LINE)
    isProgressShown = false
  }
  return {
    isJson,
    clear,
    say(...lines) {
      clear()
      people.write(lines.map((line) => `${line}\n`).join(''))
    },
    step(line) {
      clear()
      stderr.write(`${line}\n`)
    },
    progress(line) {
      if (!stderr.isTTY) return
      stderr.write(`${ERASE_LINE}${line.slice(0, (stderr.columns ?? 80) - 1)}`)
      isProgressShown = true
    },
    document(value) {
      clear()
      if (isJson) stdout.write(`${JSON.stringify(value, null, 2)}\n`)
    },
    complain(...lines) {
      clear()
      stderr.write(lines.map((line) => `${line}\n`).join(''))
    },
  }
}
