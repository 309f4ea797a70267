import type { FeatureUnit } from '../features/catalogue/entry.ts'

const counted: Readonly<Partial<Record<FeatureUnit, string>>> = { days: 'days', years: 'years', minutes: 'minutes' }

/** A figure of a feature for people: `30 days`, `12.5 %` for a share, `1,234.5`; no more digits than needed. */
export function numberInWords(value: number, unit: FeatureUnit | null): string {
  if (unit === 'share') return `${format(value * 100)} %`
  const word = unit === null ? undefined : counted[unit]
  if (word === undefined) return format(value)
  return `${format(value)} ${value === 1 ? word.slice(0, -1) : word}`
}

function format(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e15 || size < 1e-6)) return String(value)
  return value.toLocaleString('en', { maximumFractionDigits: size >= 100 ? 2 : 6 })
}
