/** 1234567 as `1,234,567`; by hand, because such texts are digested and workflows have no locale to rely on. */
export function formatCount(count: number): string {
  return groupThousands(String(Math.round(count)))
}

/** A share of 0 to 1 as `12.3 %`. */
export function formatShare(share: number): string {
  const percent = (share * 100).toFixed(1)
  return `${groupThousands(percent === '-0.0' ? '0.0' : percent)} %`
}

/** What the value of a gate is: a share of something, a change as a share of what was, an index without a unit, or a number of things. */
export const gateUnits = ['share', 'change', 'index', 'count'] as const
export type GateUnit = (typeof gateUnits)[number]

/** A value of a gate: `12.3 %`, `0.251`, `1,234`. */
export function formatGateValue(value: number, unit: GateUnit = 'share'): string {
  switch (unit) {
    case 'share':
    case 'change':
      return formatShare(value)
    case 'index':
      return groupThousands(value.toFixed(3))
    case 'count':
      return Number.isInteger(value) ? formatCount(value) : groupThousands(String(Number(value.toPrecision(6))))
  }
}

/** A threshold of a gate, `above 0.35`, in the form of the values it is compared with: `above 35 %`. */
export function formatThreshold(threshold: string, unit: GateUnit = 'share'): string {
  const isShare = unit === 'share' || unit === 'change'
  // As many digits as were written: 0.0005 is not 0.1 %. The precision takes away what the multiplication adds.
  return threshold.replaceAll(/-?\d[\d.e+-]*/g, (number) =>
    isShare ? `${Number((Number(number) * 100).toPrecision(12))} %` : groupThousands(number),
  )
}

/** Commas in the whole part of a number. */
export function groupThousands(figure: string): string {
  const [whole, ...fraction] = figure.split('.')
  return [whole!.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')
}

/** `2026-10-01 06:00 UTC` */
export function formatInstant(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

/** `2.1 s`, `3 min 05 s`, `2 h 07 min` */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  if (minutes < 60) return `${minutes} min ${pad(Math.round(seconds) % 60)} s`
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
