import type { ClosedPeriod, KpiName, SegmentKpi } from '../run/segment-kpi.ts'
import type { KpiEntry } from './entry.ts'
import { addSums, estimate, estimateDifference, noSums, subtractSums, type KpiSums } from './estimate.ts'
import { termOf } from './terms.ts'

/** Figures of fewer customers are not shown: they would say what single customers did. */
export const LEAST_CUSTOMERS = 5

/** Money comes in hundredths. */
const HUNDREDTHS = 100

/** Sums of one figure over the customers of a segment in a period. */
export interface SegmentSums {
  readonly kpi: KpiName
  readonly period: number
  readonly segmentKey: string
  readonly sums: KpiSums
}

export interface KpiContext {
  readonly entries: readonly KpiEntry[]
  readonly periods: readonly ClosedPeriod[]
  /** What money is in; null: nothing says. */
  readonly currency: string | null
  readonly leads: readonly KpiName[]
}

/**
 * The figures of every segment and of all customers together, by entry, period (the newest first) and segment; cells without customers have no
 * row. Cells of fewer than five customers are suppressed, and where those of a figure and period are fewer than five together, so is the
 * figure of all customers and every difference, from which they could be told.
 */
export function segmentKpis(
  cells: readonly SegmentSums[],
  { entries, periods, currency, leads }: KpiContext,
): readonly SegmentKpi[] {
  const byCell = Map.groupBy(cells, ({ kpi, period }) => `${kpi} ${period}`)
  return entries.flatMap((entry) =>
    periods.flatMap((period, i) => {
      const found = (byCell.get(`${entry.name} ${i}`) ?? [])
        .filter(({ sums }) => sums.n > 0n)
        .sort((a, b) => (a.segmentKey < b.segmentKey ? -1 : 1))
      if (found.length === 0) return []
      const all = found.reduce((total, { sums }) => addSums(total, sums), noSums)
      const hidden = found.filter(({ sums }) => isSmall(sums)).reduce((total, { sums }) => total + sums.n, 0n)
      const isTelling = hidden > 0n && hidden < BigInt(LEAST_CUSTOMERS)
      const shown = { kpi: entry.name, period, unit: unitOf(entry, currency), isLead: leads.includes(entry.name) }
      return [
        { segmentKey: null, ...shown, ...(isTelling || isSmall(all) ? suppressed : figuresOf(entry, all, null)) },
        ...found.map(({ segmentKey, sums }) => ({
          ...{ segmentKey, ...shown },
          ...(isSmall(sums) ? suppressed : figuresOf(entry, sums, isTelling ? null : subtractSums(all, sums))),
        })),
      ]
    }),
  )
}

type Figures = Omit<SegmentKpi, 'segmentKey' | 'kpi' | 'period' | 'unit' | 'isLead'>

const suppressed: Figures = {
  ...{ value: null, lower: null, upper: null, customers: null },
  ...{ difference: null, differenceLower: null, differenceUpper: null },
  isSuppressed: true,
}

/** @param rest of all other customers; null: not compared */
function figuresOf(entry: KpiEntry, sums: KpiSums, rest: KpiSums | null): Figures {
  const scale = scaleOf(entry)
  const found = estimate(entry.measure, sums, scale)
  const compared = rest === null || isSmall(rest) ? null : estimateDifference(entry.measure, sums, rest, scale)
  return {
    value: found?.value ?? null,
    lower: found?.interval?.lower ?? null,
    upper: found?.interval?.upper ?? null,
    customers: Number(sums.n),
    difference: compared?.value ?? null,
    differenceLower: compared?.interval.lower ?? null,
    differenceUpper: compared?.interval.upper ?? null,
    isSuppressed: false,
  }
}

function isSmall({ n }: KpiSums): boolean {
  return n < BigInt(LEAST_CUSTOMERS)
}

function scaleOf({ measure: { of, by, times = 1 } }: KpiEntry): number {
  const [ofMoney, byMoney] = [of, by].map((name) => termOf(name).isMoney === true)
  return (times * (byMoney ? HUNDREDTHS : 1)) / (ofMoney ? HUNDREDTHS : 1)
}

function unitOf({ unit }: KpiEntry, currency: string | null): string {
  return unit === 'money' ? (currency ?? 'money') : unit
}
