import type { MetricKind } from './outcomes.ts'

const MINUS = '−'

/** With its sign: shares in percentage points, means as they are. */
export function formatDifference(value: number, kind: MetricKind): string {
  const sign = value < 0 ? MINUS : '+'
  const size = Math.abs(value)
  return kind === 'share' ? `${sign}${(size * 100).toFixed(2)} points` : `${sign}${formatSize(size)}`
}

/** A share as a percentage, a mean as it is. */
export function formatValue(value: number, kind: MetricKind): string {
  if (Number.isNaN(value)) return ''
  return kind === 'share' ? `${(value * 100).toFixed(2)} %` : `${value < 0 ? MINUS : ''}${formatSize(Math.abs(value))}`
}

function formatSize(size: number): string {
  return size >= 1000 || size === 0 ? size.toFixed(0) : size >= 0.1 ? size.toFixed(2) : size.toPrecision(2)
}

export function formatP(p: number): string {
  return p < 0.0001 ? '<0.0001' : p.toPrecision(2)
}
