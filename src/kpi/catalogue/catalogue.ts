import { kpiNames, type KpiName } from '../../run/segment-kpi.ts'
import type { KpiEntry } from '../entry.ts'
import { buyingKpis } from './buying.ts'
import { campaignKpis } from './campaigns.ts'
import { regardKpis } from './regard.ts'
import { valueKpis } from './value.ts'

const entries = new Map(
  [...buyingKpis, ...valueKpis, ...regardKpis, ...campaignKpis].map((entry) => [entry.name, entry] as const),
)

/** Every figure, in the order of their names. */
export const kpiCatalogue: readonly KpiEntry[] = kpiNames.map((name) => entries.get(name)!)

export function kpiEntry(name: KpiName): KpiEntry {
  return entries.get(name)!
}

/** Leads where a pipeline has no objective. */
const LEADS: readonly KpiName[] = ['retention', 'revenuePerCustomer', 'conversion']

/** The figures that a pipeline looks at first: the one that its objective names, then what drives it. */
export function leadKpis(objective: { readonly kpi: KpiName } | undefined): readonly KpiName[] {
  return objective ? [objective.kpi, ...kpiEntry(objective.kpi).drivers] : LEADS
}
