import { kpiEntry } from '../../kpi/catalogue/catalogue.ts'
import { formatCount } from '../../run/figures.ts'
import type { SegmentKpi } from '../../run/segment-kpi.ts'
import type { SegmentCampaign } from '../../run/segment-campaign.ts'
import type { Cell, Table } from '../comparison/page.ts'
import type { Chapter, Figure, Part } from './document.ts'
import type { Report } from './report.ts'
import { valueText } from './value-text.ts'

const right = (title: string) => ({ title, align: 'right' as const })
const SHOWN_CAMPAIGNS = 12
const FEW = 'too few'
/** The tint of a difference that its interval tells from none. */
const TOLD = 0.55

/** What the customers of each segment did and brought, over closed periods. */
export function kpiChapters(report: Report): readonly Chapter[] {
  const { kpis, campaigns } = report
  const newest = kpis[0]?.period
  if (!newest) return []
  const parts = [...leadParts(report), { table: kpiTable(report, newest.name) }, ...campaignParts(report, campaigns)]
  return [
    {
      id: 'earned',
      title: 'What each segment does and brings',
      lead: `${objectiveText(report)}The customers of today’s segments, in closed periods up to ${newest.name}. Intervals hold the true figure with 95 %; figures of fewer than five customers are not shown. What each figure means, and what may mislead, is told by resegment kpis NAME.`,
      parts,
    },
  ]
}

function objectiveText({ objective, kpis }: Report): string {
  if (!objective) return ''
  const { title } = kpiEntry(objective.kpi)
  const now = kpis.find(({ kpi, segmentKey }) => kpi === objective.kpi && segmentKey === null)
  const at = now?.value == null ? 'not known yet' : `${kpiText(now.value, now)} now`
  return `The objective is ${title.toLowerCase()} of ${kpiText(objective.target, now ?? { unit: kpiEntry(objective.kpi).unit })} by ${objective.by}: ${at}. `
}

/** The leading figure: by segment with its interval, and over the periods. */
function leadParts(report: Report): readonly Part[] {
  const leads = report.kpis.filter(({ isLead, value }) => isLead && value !== null).map(({ kpi }) => kpi)
  // What customers bring sums the others up.
  const lead = report.objective?.kpi ?? (leads.includes('revenuePerCustomer') ? 'revenuePerCustomer' : leads[0])
  const rows = report.kpis.filter(({ kpi }) => kpi === lead)
  const current = rows.filter(({ period, value }) => period.name === rows[0]?.period.name && value !== null)
  if (current.filter(({ segmentKey }) => segmentKey !== null).length < 2) return []
  const periods = [...new Set(rows.map(({ period }) => period.name))].reverse()
  return [
    { figure: comparison(report, current) },
    ...(periods.length > 1 ? [{ figure: trend(report, rows, periods) }] : []),
  ]
}

function comparison(report: Report, current: readonly SegmentKpi[]): Figure {
  const { title, better } = kpiEntry(current[0]!.kpi)
  const all = current.find(({ segmentKey }) => segmentKey === null)
  const segments = [...current]
    .filter(({ segmentKey }) => segmentKey !== null)
    .sort((a, b) => (b.value! - a.value!) * (better === 'higher' ? 1 : -1))
  const [best] = segments
  const against = all ? `, all customers ${kpiText(all.value!, all)}` : ''
  return {
    title: `${title}: “${nameOf(report, best!.segmentKey)}” ${kpiText(best!.value!, best!)}${against}`,
    note: `${kpiEntry(current[0]!.kpi).definition} Dots are figures of ${current[0]!.period.name}, bars their 95 % intervals${all ? '; the line is all customers' : ''}.`,
    chart: {
      kind: 'intervals',
      reference: all?.value ?? null,
      rows: segments.map((row) => ({
        label: nameOf(report, row.segmentKey),
        value: row.value!,
        lower: row.lower,
        upper: row.upper,
        text: kpiText(row.value!, row),
      })),
    },
    table: {
      caption: `${title} by segment, with the 95 % interval and the difference from all other customers`,
      columns: [{ title: 'Segment' }, ...['Value', 'Interval', 'Against the rest', 'Customers'].map(right)],
      rows: [...segments, ...(all ? [all] : [])].map((row) => [
        { text: nameOf(report, row.segmentKey) },
        { text: kpiText(row.value!, row) },
        { text: intervalText(row.lower, row.upper, row) },
        { text: row.difference === null ? '–' : signedText(row.difference, row) },
        { text: row.customers === null ? '–' : formatCount(row.customers) },
      ]),
    },
  }
}

function trend(report: Report, rows: readonly SegmentKpi[], periods: readonly string[]): Figure {
  const { title } = kpiEntry(rows[0]!.kpi)
  const find = (segmentKey: string | null, period: string): SegmentKpi | undefined =>
    rows.find((row) => row.segmentKey === segmentKey && row.period.name === period)
  const keys = report.segments.map(({ segmentKey }) => segmentKey)
  const [first, last] = [find(null, periods[0]!), find(null, periods.at(-1)!)]
  const change =
    first?.value == null || last?.value == null
      ? `from ${periods[0]!} to ${periods.at(-1)!}, by segment`
      : `went from ${kpiText(first.value, first)} in ${periods[0]!} to ${kpiText(last.value, last)} in ${periods.at(-1)!}, all customers`
  return {
    title: `${title} ${change}`,
    note: 'Of the customers who are in the segment now, in each period; those who came later have no figure in earlier ones.',
    chart: {
      kind: 'lines',
      unit: rows[0]!.unit,
      labels: periods,
      series: keys.map((key) => ({
        name: nameOf(report, key),
        values: periods.map((period) => find(key, period)?.value ?? null),
      })),
    },
    table: {
      caption: `${title} by segment and period`,
      columns: [{ title: 'Segment' }, ...periods.map(right)],
      rows: [...keys, null].map((key) => [
        { text: nameOf(report, key) },
        ...periods.map((period) => ({ text: shownText(find(key, period)) })),
      ]),
    },
  }
}

/** Figures in rows, segments in columns: those that lead first. */
function kpiTable(report: Report, period: string): Table {
  const rows = report.kpis.filter((row) => row.period.name === period)
  const names = [...new Set([...rows.filter(({ isLead }) => isLead), ...rows].map(({ kpi }) => kpi))]
  const keys = report.segments.map(({ segmentKey }) => segmentKey)
  const cell = (kpi: string, key: string | null): Cell => {
    const row = rows.find((one) => one.kpi === kpi && one.segmentKey === key)
    if (row?.value == null) return { text: shownText(row) }
    return { text: kpiText(row.value, row), note: intervalText(row.lower, row.upper, row), ...tint(row) }
  }
  return {
    caption: `All figures of ${period} by segment with their 95 % intervals; tinted where the interval of the difference from all other customers leaves zero out`,
    columns: [{ title: 'Figure' }, right('All customers'), ...report.segments.map(({ name }) => right(name))],
    rows: names.map((kpi) => [{ text: kpiEntry(kpi).title }, ...[null, ...keys].map((key) => cell(kpi, key))]),
  }
}

function tint({ kpi, differenceLower, differenceUpper }: SegmentKpi): { readonly heat?: number } {
  if (differenceLower === null || differenceUpper === null) return {}
  if (differenceLower <= 0 && differenceUpper >= 0) return {}
  return { heat: differenceLower > 0 === (kpiEntry(kpi).better === 'higher') ? TOLD : -TOLD }
}

function campaignParts(report: Report, campaigns: readonly SegmentCampaign[]): readonly Part[] {
  const overall = campaigns.filter(({ segmentKey, customers }) => segmentKey === null && customers !== null)
  if (overall.length === 0) return []
  const shown = [...overall]
    .sort((a, b) => b.customers! - a.customers! || (a.campaign < b.campaign ? -1 : 1))
    .slice(0, SHOWN_CAMPAIGNS)
  const keys = report.segments.map(({ segmentKey }) => segmentKey)
  const hasReturn = shown.some(({ returnOnSpend }) => returnOnSpend !== null)
  const find = (campaign: string, key: string): SegmentCampaign | undefined =>
    campaigns.find((one) => one.campaign === campaign && one.segmentKey === key)
  const rest = overall.length - shown.length
  return [
    {
      title: 'How segments answered campaigns',
      table: {
        caption: `Customers who answered, of those each campaign reached, with the 95 % interval; the ${shown.length === overall.length ? '' : `${shown.length} largest `}campaigns${rest > 0 ? `, ${formatCount(rest)} more are in view segment_campaigns` : ''}`,
        columns: [
          { title: 'Campaign' },
          right('Reached'),
          right('All'),
          ...report.segments.map(({ name }) => right(name)),
          ...(hasReturn ? [right('Return on spend')] : []),
        ],
        rows: shown.map((all) => [
          { text: all.campaign },
          { text: formatCount(all.customers!) },
          responseCell(all),
          ...keys.map((key) => responseCell(find(all.campaign, key))),
          ...(hasReturn ? [{ text: all.returnOnSpend === null ? '–' : `${all.returnOnSpend.toFixed(1)} ×` }] : []),
        ]),
      },
    },
  ]
}

function responseCell(row: SegmentCampaign | undefined): Cell {
  if (!row) return { text: '–' }
  if (row.responseRate === null) return { text: FEW }
  const unit = { unit: 'share' }
  return { text: kpiText(row.responseRate, unit), note: intervalText(row.lower, row.upper, unit) }
}

function nameOf({ segments }: Report, key: string | null): string {
  if (key === null) return 'All customers'
  return segments.find(({ segmentKey }) => segmentKey === key)?.name ?? key
}

type InUnit = Pick<SegmentKpi, 'unit'>

function shownText(row: SegmentKpi | undefined): string {
  if (!row) return '–'
  return row.value === null ? FEW : kpiText(row.value, row)
}

function kpiText(value: number, { unit }: InUnit): string {
  if (unit === 'ratio') return `${valueText(value, unit)} ×`
  return valueText(value, unit)
}

function signedText(value: number, { unit }: InUnit): string {
  const text = unit === 'share' ? `${(Math.abs(value) * 100).toFixed(1)} points` : kpiText(Math.abs(value), { unit })
  return `${value < 0 ? '−' : '+'}${text}`
}

function intervalText(lower: number | null, upper: number | null, row: InUnit): string {
  if (lower === null || upper === null) return '–'
  const [from, to] = [kpiText(lower, row), kpiText(upper, row)]
  // `12.0 % to 15.0 %` and `EUR 5 to EUR 7` say their unit once.
  const suffix = [' %', ' ×'].find((one) => from.endsWith(one)) ?? ''
  const prefix = /^[A-Z]{3} /.exec(from)?.[0] ?? ''
  return `${from.slice(0, from.length - suffix.length)} to ${to.slice(prefix.length)}`
}
