import { readFileSync } from 'node:fs'

/** Version of this package, recorded with every run. */
export function codeVersion(): string {
  // Two folders up from src/wiring and from dist/wiring alike.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
