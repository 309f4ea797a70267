import { readFileSync } from 'node:fs'
import type { ContractView } from '../run/contract.ts'

/** The views that consumers were told of, as they are shipped. */
export function shippedContract(): readonly ContractView[] {
  // Two folders up from src/wiring and from dist/wiring alike.
  const text = readFileSync(new URL('../../contract/v1.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { views: readonly ContractView[] }).views
}
