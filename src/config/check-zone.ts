import { quote, suggestName } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

export function checkZone(zone: string | undefined, path: KeyPath): readonly Finding[] {
  if (zone === undefined || isZone(zone)) return []
  const hint = suggestName(zone, Intl.supportedValuesOf('timeZone'))
  return [{ path, came: quote(zone), wanted: 'an IANA time zone, such as Europe/Berlin', hint }]
}

function isZone(name: string): boolean {
  if (/^[+-]\d/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
