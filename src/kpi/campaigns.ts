import { timestamp } from '../sql/sql-text.ts'
import type { SegmentCampaign } from '../run/segment-campaign.ts'
import { shareInterval } from '../stats/share-interval.ts'
import { attributionOf, type KpiInputs } from './inputs.ts'
import { kpiRelations, periodsRelation } from './relations.ts'
import { LEAST_CUSTOMERS } from './segment-kpis.ts'

/** Of more, those that reached fewest customers have no rows. */
const MOST_CAMPAIGNS = 200

const HUNDREDTHS = 100

/** Counts of a campaign and a segment; money in hundredths. */
export interface CampaignSums {
  readonly segmentKey: string
  readonly campaign: string
  readonly customers: bigint
  readonly responses: bigint
  readonly cost: bigint
  readonly attributed: bigint
}

/**
 * Counts by campaign and segment, of campaigns that reached customers first within the periods shown: rows of `segment_key`, `campaign`, `customers`,
 * `responses`, `cost` and `attributed`, whole numbers. An order is brought by the campaign of the last touch before it.
 */
export function compileCampaigns(inputs: KpiInputs): string {
  const { members, ofShard, periods, columns } = inputs
  const by = attributionOf(inputs)
  const whole = (sum: string): string => `cast(cast(coalesce(sum(${sum}), 0) as decimal(24, 2)) * 100 as hugeint)`
  const there = columns.touches!
  const told = (column: string): string => (there.includes(column) ? `sum(${column})` : 'null')
  return `
with ${[periodsRelation(inputs), ...kpiRelations(inputs)].join(',\n')},
told as (
  select customer_id, campaign, ${told('cost')} as cost, ${told('revenue')} as revenue
  from touches where occurred_at < ${timestamp(periods[0]!.end)} group by customer_id, campaign
)${by === 'orders' ? ',\nbrought as (select customer_id, brought_by as campaign, sum(ordered) as revenue from orders where is_brought group by all)' : ''}
select r.segment_key, c.campaign, count(*) as customers, count(*) filter (where c.is_answered) as responses,
  ${whole('k.cost')} as cost, ${by === null ? '0' : whole(by === 'orders' ? 'b.revenue' : 'k.revenue')} as attributed
from contacts c
join (select customer_id, segment_key from ${members} where ${ofShard}) r on r.customer_id = c.customer_id
join told k on k.customer_id = c.customer_id and k.campaign = c.campaign
${by === 'orders' ? 'left join brought b on b.customer_id = c.customer_id and b.campaign = c.campaign' : ''}
where c.occurred_at >= ${timestamp(periods.at(-2)!.start)}
group by r.segment_key, c.campaign`
}

/** What the columns of the touches can tell. */
export interface CampaignContext {
  readonly hasCost: boolean
  readonly isAttributed: boolean
  readonly currency: string | null
}

/** A row for each campaign and segment that it reached, and one for all customers; small cells are suppressed as in `segmentKpis`. */
export function segmentCampaigns(cells: readonly CampaignSums[], context: CampaignContext): readonly SegmentCampaign[] {
  const campaigns = [...Map.groupBy(cells, ({ campaign }) => campaign).entries()]
    .map(([campaign, found]) => ({ campaign, found, all: addAll(found) }))
    .sort((a, b) => Number(b.all.customers - a.all.customers) || (a.campaign < b.campaign ? -1 : 1))
    .slice(0, MOST_CAMPAIGNS)
    .sort((a, b) => (a.campaign < b.campaign ? -1 : 1))
  return campaigns.flatMap(({ campaign, found, all }) => {
    const hidden = found.filter(isSmall).reduce((sum, { customers }) => sum + customers, 0n)
    const isTelling = hidden > 0n && hidden < BigInt(LEAST_CUSTOMERS)
    const row = (segmentKey: string | null, cell: Amounts, isSuppressed: boolean): SegmentCampaign => ({
      ...{ segmentKey, campaign, currency: context.currency, isSuppressed },
      ...(isSuppressed ? suppressed : figuresOf(cell, context)),
    })
    return [
      row(null, all, isTelling || isSmall(all)),
      ...[...found]
        .sort((a, b) => (a.segmentKey < b.segmentKey ? -1 : 1))
        .map((cell) => row(cell.segmentKey, cell, isSmall(cell))),
    ]
  })
}

type Amounts = Omit<CampaignSums, 'segmentKey' | 'campaign'>
type Figures = Omit<SegmentCampaign, 'segmentKey' | 'campaign' | 'currency' | 'isSuppressed'>

const suppressed: Figures = {
  ...{ customers: null, responses: null, responseRate: null, lower: null, upper: null },
  ...{ cost: null, attributed: null, returnOnSpend: null },
}

function figuresOf(cell: Amounts, { hasCost, isAttributed }: CampaignContext): Figures {
  const [customers, responses] = [Number(cell.customers), Number(cell.responses)]
  return {
    ...{ customers, responses, responseRate: responses / customers },
    ...shareInterval(responses, customers),
    cost: hasCost ? Number(cell.cost) / HUNDREDTHS : null,
    attributed: isAttributed ? Number(cell.attributed) / HUNDREDTHS : null,
    returnOnSpend: isAttributed && cell.cost > 0n ? Number(cell.attributed) / Number(cell.cost) : null,
  }
}

function isSmall({ customers }: Amounts): boolean {
  return customers < BigInt(LEAST_CUSTOMERS)
}

/** Of cells of disjoint customers. */
export function addAll(cells: readonly Amounts[]): Amounts {
  const sum = (of: keyof Amounts): bigint => cells.reduce((total, cell) => total + cell[of], 0n)
  return { customers: sum('customers'), responses: sum('responses'), cost: sum('cost'), attributed: sum('attributed') }
}
