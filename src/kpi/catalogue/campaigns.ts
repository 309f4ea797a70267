import type { KpiEntry } from '../entry.ts'

/** What contacts cost and bring. */
export const campaignKpis: readonly KpiEntry[] = [
  {
    name: 'contactCost',
    title: 'Contact cost',
    unit: 'money',
    better: 'lower',
    measure: { kind: 'mean', of: 'contactCost', by: 'members' },
    drivers: ['responseRate', 'campaignConversion'],
    definition: 'What contacts with a customer of the segment cost in the period, on average over all of them.',
    insights:
      'Where the money goes: set beside revenue per customer it shows who is courted without reason and who is forgotten.',
    measurement:
      'Sum of column `cost` of the touches in the period; customers who were not contacted count as 0, and so do touches without a cost.',
    formula: '`contactCost` ÷ `members`',
    trend: 'Together with attributed revenue: cost that rises alone is saturation.',
    diagnostics: 'Split by channel and campaign; look for customers who are in several campaigns at once.',
    tips: 'Cap contacts by segment; move cost from segments that buy without being asked, after a holdout has shown that they do.',
    visualisation: 'Share of cost against share of margin, a point a segment; above the diagonal is overspent.',
    risks:
      'Media cost is mostly spread over contacts by a key, which then decides the result. Fixed cost does not fall with contacts.',
    tools: 'View segment_kpis; `publish.holdout` for what contacts really add.',
    integration: 'Role touches with column `cost`, from campaign, mail and ad systems.',
    changeImpact:
      'What is saved is earned at once; what it would have brought is seen a period later, so change it by halves.',
  },
  {
    name: 'responseRate',
    title: 'Response rate',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'ratio', of: 'responses', by: 'contacts' },
    drivers: ['engagement'],
    definition:
      'Share of the campaigns that reached customers of the segment which they answered, a redeemed coupon for example.',
    insights:
      'Who listens to which voice. Differences between segments are often larger than any between versions of a text.',
    measurement:
      'A customer and a campaign are one contact, in the period of its first touch; it is answered when any of its touches is marked `responded` before the newest period is over. The interval takes customers, not contacts, as independent.',
    formula: '`responses` ÷ `contacts`',
    trend: 'The newest period is not finished: answers still come. Compare campaigns of equal age.',
    diagnostics: 'By channel and kind of campaign; by how many campaigns a customer was in before: fatigue.',
    tips: 'Send less to segments that hardly answer, and through another channel, before changing the offer.',
    visualisation: 'A heat map of segments by channels, with counts in the cells.',
    risks: 'A response is no purchase. Rows of touches that are only recorded for answers make everybody answer.',
    tools: 'Features `responseRate`, `campaignCount`, `contactRecency`.',
    integration:
      'Role touches with column `responded`, or a second source that records answers, as coupon redemptions.',
    changeImpact:
      'Times conversion of those who answer it is what a campaign sells; half the contacts at twice the rate cost half.',
  },
  {
    name: 'campaignConversion',
    title: 'Conversion after contact',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'share', of: 'converted', by: 'reached' },
    drivers: ['responseRate', 'conversion'],
    definition:
      'Share of the customers reached in the period who ordered in it within the attribution window after a touch.',
    insights:
      'Beside conversion of all members it shows how far buying goes along with contact, which is not yet because of it.',
    measurement:
      'An order counts when a touch of the same customer lies at or before it by less than `kpis.attribution.window`; each customer counts once.',
    formula: '`converted` ÷ `reached`',
    trend: 'Keep the window fixed: a longer one raises every value.',
    diagnostics: 'Compare with the conversion of members who were not reached, and with the holdout.',
    tips: 'Choose the window by how long customers take to answer, half of them within it; say it in every chart.',
    visualisation: 'Pairs of dots by segment: reached and not reached, with intervals.',
    risks:
      'Campaigns are aimed at those likely to buy, so the difference flatters them. Only a random holdout tells the effect.',
    tools: '`resegment experiment plan`, `assign`, `analyse`; `publish.holdout`.',
    integration: 'Roles touches and transactions.',
    changeImpact: 'What it adds above the holdout, times order value and margin, is what contact may cost.',
  },
  {
    name: 'attributedRevenue',
    title: 'Attributed revenue',
    unit: 'money',
    better: 'higher',
    measure: { kind: 'mean', of: 'attributed', by: 'members' },
    drivers: ['campaignConversion', 'averageOrderValue'],
    definition: 'Revenue of the period that is put down to touches, per customer of the segment.',
    insights: 'Which segments campaigns earn their money with, by a rule that is the same for all.',
    measurement:
      'By orders: an order within `kpis.attribution.window` after the last touch of the customer counts whole and once, in the period of the order. By touches: column `revenue` of the touches, in the period of the touch.',
    formula: '`attributed` ÷ `members`',
    trend:
      'As a share of revenue per customer: when it rises and revenue does not, campaigns took over what came anyway.',
    diagnostics:
      'By campaign and days since the touch; a peak at day 0 in all segments is a sign of touches recorded at the order.',
    tips: 'Never add it up over systems that each attribute: they count the same order.',
    visualisation: 'Stacked bars, attributed and other revenue, by segment.',
    risks: 'A rule, not a cause. Frequent contact attributes everything to itself, most of all among frequent buyers.',
    tools: 'View segment_kpis; a holdout by segment for what is incremental.',
    integration: 'Roles touches and transactions, or touches with column `revenue`.',
    changeImpact: 'Moves with contact pressure by definition; judge by revenue per customer against holdout instead.',
  },
  {
    name: 'returnOnSpend',
    title: 'Return on spend',
    unit: 'ratio',
    better: 'higher',
    measure: { kind: 'ratio', of: 'attributed', by: 'contactCost' },
    drivers: ['attributedRevenue', 'contactCost'],
    definition: 'Attributed revenue for each unit of money spent on contacts with the segment.',
    insights: 'Ranks segments by what contact brings back, and so proposes where the next budget should go.',
    measurement:
      'Attributed revenue of the period over cost of the touches of the period, summed over customers of the segment. Revenue, not margin.',
    formula: '`attributed` ÷ `contactCost`',
    trend:
      'Falls as budgets rise, since the best contacts are made first; a constant one at double budget is a success.',
    diagnostics: 'Separate the two sides: cost per contact, revenue per reached customer. Then by channel.',
    tips: 'Break even is at 1 ÷ margin: with 40 % margin a contact earns from 2.5 on. Compare the lower end of the interval with it.',
    visualisation: 'Dots with intervals on a logarithmic axis with a line at break even.',
    risks:
      'Average, not marginal: the next unit of money brings less. Inherits everything that attribution claims wrongly.',
    tools: '`resegment experiment analyse` on margin; view segment_kpis.',
    integration: 'Roles touches with column `cost`, and transactions or touches with column `revenue`.',
    changeImpact:
      'Shifting a tenth of the budget from the lowest to the highest segment shows within one window whether the ranking holds.',
  },
]
