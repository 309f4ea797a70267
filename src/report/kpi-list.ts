import { kpiAttributes, type KpiAttribute, type KpiEntry } from '../kpi/entry.ts'
import { termOf } from '../kpi/terms.ts'
import { textTable } from './text-table.ts'
import { wrapText } from './wrap-text.ts'

const WIDTH = 110

/** Every figure with what it is. */
export function kpiList(entries: readonly KpiEntry[]): readonly string[] {
  return [
    ...textTable(
      [{ title: 'KPI' }, { title: 'Unit' }, { title: 'Formula' }],
      entries.map(({ name, unit, formula }) => [name, unit, formula.replaceAll('`', '')]),
    ),
    '',
    'All twelve attributes of one: resegment kpis NAME',
  ]
}

/** One figure with all that should be known of it. */
export function kpiPage(entry: KpiEntry): readonly string[] {
  const attributes = (Object.keys(kpiAttributes) as KpiAttribute[]).flatMap((key) => [
    '',
    kpiAttributes[key],
    ...wrapText(entry[key].replaceAll('`', ''), WIDTH).map((line) => `  ${line}`),
    ...(key === 'formula' ? termLines(entry).map((line) => `  ${line}`) : []),
  ])
  return [`${entry.title} (${entry.name}), ${entry.unit}, better ${entry.better}`, ...attributes]
}

/** What the words of a formula mean: `buyers: members with an order in the period`. */
export function termLines({ measure }: Pick<KpiEntry, 'measure'>): readonly string[] {
  return [...new Set([measure.of, measure.by])].map((name) => `${name}: ${termOf(name).meaning}`)
}
