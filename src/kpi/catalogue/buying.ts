import type { KpiEntry } from '../entry.ts'

/** Who buys, how often, and who comes back. */
export const buyingKpis: readonly KpiEntry[] = [
  {
    name: 'conversion',
    title: 'Conversion',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'share', of: 'buyers', by: 'members' },
    drivers: ['engagement', 'campaignConversion', 'responseRate'],
    definition: 'Share of the customers of a segment who ordered at least once in the period.',
    insights:
      'Says which segments still buy at all, before anything is said of how much. A segment with a low conversion and a high order value is worth waking up; one that is low in both is not.',
    measurement:
      'From clean order lines: returns are no orders, and cancelled ones that cleansing nets are gone. A customer counts once, however often he ordered, and only from the period on in which he was first seen.',
    formula: '`buyers` ÷ `members`',
    trend:
      'Compare with the same quarter a year before rather than with the quarter before: buying has seasons. Within a run, earlier periods are those of today’s members; across runs, each is of the members of its time.',
    diagnostics:
      'When it falls, look whether fewer customers come (engagement), whether they come and do not buy, or whether the segment took in customers who were leaving anyway (segment_transitions).',
    tips: 'Ask first of segments just below their usual level: a reminder moves those who were going to buy, an offer those who were not. Measure both against a holdout.',
    visualisation:
      'Dots with intervals, a row a segment, sorted by value; a line per segment over periods. No pie: shares of different groups do not add up.',
    risks:
      'New members bought by definition in the period they came, so a young segment looks better than it is. Segments that are formed by recency differ in conversion of the same period because they were cut there: judge them by the period after.',
    tools:
      '`resegment effectiveness`, `resegment experiment analyse` for what a treatment adds; view segment_kpis for dashboards.',
    integration:
      'Role transactions. Read by BI from segment_kpis; the audiences behind it go to destinations under `activate`.',
    changeImpact:
      'One point more means one buyer more in a hundred members: times average order value it is revenue per customer, and the new buyers are the base of next period’s retention.',
  },
  {
    name: 'purchaseFrequency',
    title: 'Purchase frequency',
    unit: 'count',
    better: 'higher',
    measure: { kind: 'mean', of: 'orders', by: 'members' },
    drivers: ['conversion', 'repurchase', 'engagement'],
    definition: 'Orders of a customer of the segment in the period, on average over all of them, buyers or not.',
    insights:
      'Together with average order value it makes revenue: two segments of the same revenue may be daily small baskets and yearly large ones, and want different rhythms of contact.',
    measurement: 'Different order ids of a customer with a line that is no return; the first line says when.',
    formula: '`orders` ÷ `members`',
    trend:
      'Follow it beside conversion: if frequency falls and conversion holds, regulars come more rarely, which precedes losing them.',
    diagnostics:
      'Split it into conversion and orders per buyer. A fall in the first is about reach, in the second about habit: assortment, delivery, a competitor.',
    tips: 'Refill reminders, subscriptions and free delivery from the second order on move habit; discounts mostly move the date.',
    visualisation: 'Dots with intervals by segment; a histogram of orders per buyer where the mean hides two groups.',
    risks:
      'A few resellers lift the mean of a small segment. Split shipments that get an order id each count twice: check with the shop system.',
    tools: '`resegment profile` shows the distribution; rules under `cleanse` take resellers out.',
    integration: 'Role transactions; agrees with feature `frequency` over the same window.',
    changeImpact:
      'A tenth of an order more per customer is a tenth of the average order value in revenue, less what delivery of smaller baskets costs.',
  },
  {
    name: 'averageOrderValue',
    title: 'Average order value',
    unit: 'money',
    better: 'higher',
    measure: { kind: 'ratio', of: 'ordered', by: 'orders' },
    drivers: ['marginRate', 'responseRate'],
    definition: 'What an order of the segment was worth in the period.',
    insights:
      'Separates segments that buy much at a time from those that buy often; sets what free delivery and minimum order values should be for whom.',
    measurement:
      'Sum of the amounts of all orders over their number, so that frequent buyers weigh more, not a mean of customers’ means. Returns are left out: they come later than the order.',
    formula: '`ordered` ÷ `orders`',
    trend: 'Prices rise: compare with the change of the assortment’s prices before calling growth a success.',
    diagnostics: 'Look at units per order and price per unit apart; then at the mix of categories (`categoryShares`).',
    tips: 'Bundles and thresholds a little above the present value of the segment raise it; one threshold for all segments does not.',
    visualisation:
      'Dots with intervals on an axis that begins at 0; for the distribution a box plot on a logarithmic axis.',
    risks:
      'Amounts are skewed: one large order moves a small segment, and intervals of few buyers are too narrow. Higher order values bought with discounts may lower margin.',
    tools: 'View segment_kpis; `resegment experiment plan` with its variance says how many customers a test takes.',
    integration:
      'Role transactions, `amount` in the currency of the pipeline (`extract.currency` and `rates` convert).',
    changeImpact:
      'Revenue moves in proportion as long as frequency holds, which it often does not: watch purchase frequency in the same test.',
  },
  {
    name: 'retention',
    title: 'Retention',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'share', of: 'retained', by: 'earlierBuyers' },
    drivers: ['repurchase', 'purchaseFrequency', 'engagement', 'csat'],
    definition: 'Share of those who ordered in the period before who ordered in this one too.',
    insights:
      'The quickest sign of whether a segment lasts. What is lost here has to be bought again by acquisition, which costs several times as much.',
    measurement:
      'Members with an order in the previous closed period of the schedule; those among them with an order in this one. Without contracts nobody says that he left, so not ordering is all there is.',
    formula: '`retained` ÷ `earlierBuyers`',
    trend: 'By cohort of first purchase where possible: an average rises merely because few new customers come.',
    diagnostics:
      'Compare those retained and those not by channel, first product, complaints and delivery; the surrogate rules of the segment often name what separates them.',
    tips: 'Act before the usual gap between purchases is over, which differs by segment (`gapMean`), not at a fixed day for all.',
    visualisation: 'Lines over periods by segment with their intervals; a triangle of cohorts for depth.',
    risks:
      'Periods shorter than the usual gap between purchases call faithful customers lost. Today’s segment already knows who came back, so only runs published before the period say what to expect of it.',
    tools: 'Features `pAlive` and `lifecycleStage` say who is at risk; `resegment moves` who left which segment.',
    integration: 'Role transactions and the rhythm of `schedule.refit`, which says how long a period is.',
    changeImpact:
      'With retention r a buyer brings 1 ÷ (1 − r) periods: from 0.60 to 0.65 is 2.5 to 2.9 periods, a seventh more lifetime value.',
  },
  {
    name: 'repurchase',
    title: 'Repurchase',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'share', of: 'repeatBuyers', by: 'buyers' },
    drivers: ['engagement', 'csat', 'responseRate'],
    definition: 'Share of the buyers of a period who ordered at two or more different times within it.',
    insights:
      'The second purchase makes a customer of a buyer. Segments where it is rare need a reason to come back more than a reason to come.',
    measurement:
      'Orders at the same instant are one purchase, as in the features; at least two instants in the period.',
    formula: '`repeatBuyers` ÷ `buyers`',
    trend: 'Compare periods of equal length only, and seasons with the same season.',
    diagnostics: 'Split by first product and by how long delivery took; then by how the customers came.',
    tips: 'The best time for a second offer lies shortly before the median gap between first and second purchase of the segment.',
    visualisation: 'Dots with intervals by segment; a cumulative curve of days to the second purchase.',
    risks: 'Durable goods have a low one by nature. A month is too short for anything that is bought quarterly.',
    tools: 'Features `gapMean`, `gapRegularity`; triggers under `activate` send segments to what sends the message.',
    integration:
      'Role transactions with the instant of the order; dates without a time make two orders of a day one purchase.',
    changeImpact:
      'Feeds purchase frequency in the same and retention in the next period; value follows with the delay of one gap.',
  },
]
