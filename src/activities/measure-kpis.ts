import { leadKpis, kpiCatalogue } from '../kpi/catalogue/catalogue.ts'
import { addAll, compileCampaigns, segmentCampaigns, type CampaignSums } from '../kpi/campaigns.ts'
import { compileKpis, computable, readSums, rolesOf } from '../kpi/compile-kpis.ts'
import { kpiSettingsOf } from '../kpi/config.ts'
import { attributionOf, type KpiInputs } from '../kpi/inputs.ts'
import type { KpiEntry } from '../kpi/entry.ts'
import { segmentKpis, type SegmentSums } from '../kpi/segment-kpis.ts'
import { addSums, noSums } from '../kpi/estimate.ts'
import { closedPeriods } from '../plan/closed-periods.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ArtifactFile, ArtifactRef } from '../run/artifact.ts'
import { dataRoles, type DataRole } from '../run/data-roles.ts'
import type { SegmentCampaign } from '../run/segment-campaign.ts'
import type { ClosedPeriod, SegmentKpi } from '../run/segment-kpi.ts'
import { quoteText } from '../sql/sql-text.ts'
import { fileRoleOf } from '../stages/extract/config.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import { populationOf } from './feature-inputs.ts'
import { currencyOf } from './profile-features.ts'
import { describeColumns } from './read-artifact.ts'

/** Paths of the clean rows of a shard by role. */
type ShardRows = Readonly<Partial<Record<DataRole, string>>>

/** Of a period that data cover from this part of it on, they tell enough. */
const LATEST_BEGINNING = 0.1

/** Clean rows that figures are counted from, on the worker's disk, a record a shard. Score runs count none: they place, and close no period. */
export async function fetchCleanRows(
  store: ArtifactStore,
  { kind, definition }: RunPlan,
  { uri }: ArtifactRef,
  files: readonly ArtifactFile[],
): Promise<readonly ShardRows[]> {
  if (kind === 'score') return []
  const shards: Partial<Record<DataRole, string>>[] = []
  for (const role of dataRoles.filter((one) => one !== 'customers' && definition.pipeline.extract[one] !== undefined))
    for (const file of files.filter((one) => one.role === fileRoleOf(definition.pipeline.extract, role)))
      (shards[file.shard ?? 0] ??= {})[role] = await store.fetchFile(uri, file)
  return shards
}

export interface MeasuredKpis {
  readonly kpis: readonly SegmentKpi[]
  readonly campaigns: readonly SegmentCampaign[]
}

/** What the members of each segment did in closed periods. Needs tables `resolved` and `population` of the session. */
export async function measureKpis(
  session: ComputeSession,
  plan: RunPlan,
  shards: readonly ShardRows[],
): Promise<MeasuredKpis> {
  const { pipeline } = plan.definition
  const settings = kpiSettingsOf(pipeline)
  const periods = closedPeriods(pipeline, plan.asOf, settings.periods + 1)
  const totals = new Map<string, SegmentSums>()
  const begun = new Map<DataRole, string>()
  const answered: CampaignSums[] = []
  const told = { hasCost: false, isAttributed: false }
  const predicted = await findForecast(session, plan)
  const counted = new Map<string, readonly DataRole[]>()
  for (const [shard, rows] of shards.entries()) {
    const columns: Partial<Record<DataRole, readonly string[]>> = {}
    for (const [role, path] of Object.entries(rows) as [DataRole, string][]) {
      await session.execute(`create or replace view ${role} as select * from read_parquet(${quoteText(path)})`)
      columns[role] = (await describeColumns(session, role)).map(({ name }) => name)
      const [first] = await session.rows(`select cast(min(occurred_at) as varchar) as first from ${role}`)
      if (first!.first !== null && !(String(first!.first) >= (begun.get(role) ?? '~')))
        begun.set(role, String(first!.first))
    }
    const inputs: KpiInputs = {
      ...{ members: 'resolved', ofShard: `bucket * ${shards.length} // 256 = ${shard}` },
      ...{ columns, periods, settings, predicted, isOfBuyers: populationOf(plan) === 'transactions' },
    }
    if (columns.touches) {
      answered.push(...(await session.rows(compileCampaigns(inputs))).map(campaignOf))
      told.hasCost ||= columns.touches.includes('cost')
      told.isAttributed ||= attributionOf(inputs) !== null
    }
    const entries = computable(kpiCatalogue, inputs)
    if (entries.length === 0) continue
    for (const entry of entries) counted.set(entry.name, rolesOf(entry, inputs))
    for (const row of await session.rows(compileKpis(entries, inputs)))
      for (const cell of cellsOf(entries, row)) {
        const at = `${cell.kpi} ${cell.period} ${cell.segmentKey}`
        totals.set(at, { ...cell, sums: addSums(totals.get(at)?.sums ?? noSums, cell.sums) })
      }
  }
  const isCovered = ({ kpi, period }: SegmentSums): boolean => {
    const { of, by } = kpiCatalogue.find(({ name }) => name === kpi)!.measure
    if (of === 'predicted') return period === 0
    const looksAt = [of, by].includes('retained') ? period + 1 : period
    return counted.get(kpi)!.every((role) => covers(begun.get(role), periods[looksAt]!, looksAt === 0))
  }
  const currency = currencyOf(plan)
  const shown = { entries: kpiCatalogue, periods: periods.slice(0, -1), currency, leads: leadKpis(pipeline.objective) }
  return {
    kpis: segmentKpis([...totals.values()].filter(isCovered), shown),
    campaigns: segmentCampaigns(addShards(answered), { ...told, currency }),
  }
}

function campaignOf(row: Readonly<Record<string, unknown>>): CampaignSums {
  const sum = (name: string): bigint => BigInt(row[name] as number | bigint)
  return {
    ...{ segmentKey: String(row.segment_key), campaign: String(row.campaign) },
    ...{ customers: sum('customers'), responses: sum('responses'), cost: sum('cost'), attributed: sum('attributed') },
  }
}

function addShards(cells: readonly CampaignSums[]): readonly CampaignSums[] {
  const byCell = Map.groupBy(cells, ({ segmentKey, campaign }) => JSON.stringify([segmentKey, campaign]))
  return [...byCell.values()].map((same) => ({ ...same[0]!, ...addAll(same) }))
}

/** Of the newest period all is said that is known of it. @param first instant of the oldest row, as the engine writes it */
function covers(first: string | undefined, { start, end }: ClosedPeriod, isNewest: boolean): boolean {
  if (first === undefined) return false
  const firstMs = Date.parse(`${first.replace(' ', 'T')}Z`)
  const [startMs, endMs] = [Date.parse(start), Date.parse(end)]
  return firstMs < (isNewest ? endMs : startMs + LATEST_BEGINNING * (endMs - startMs))
}

function cellsOf(entries: readonly KpiEntry[], row: Readonly<Record<string, unknown>>): readonly SegmentSums[] {
  return entries.map((entry, i) => ({
    ...{ kpi: entry.name, period: Number(row.period), segmentKey: String(row.segment_key) },
    sums: readSums(entry, i, row),
  }))
}

/** Where the run has forecasts of what customers will spend. */
async function findForecast(session: ComputeSession, { definition }: RunPlan): Promise<KpiInputs['predicted']> {
  const asked = resolveFeatures(definition.pipeline.features).find(({ feature }) => feature === 'lifetimeValue')
  // The live model places customers by its own features, which may be others.
  const isThere = asked && (await describeColumns(session, 'population')).some(({ name }) => name === asked.column)
  return isThere ? { table: 'population', column: asked.column } : null
}
