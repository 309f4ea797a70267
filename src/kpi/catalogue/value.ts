import type { KpiEntry } from '../entry.ts'

/** What customers are worth. */
export const valueKpis: readonly KpiEntry[] = [
  {
    name: 'revenuePerCustomer',
    title: 'Revenue per customer',
    unit: 'money',
    better: 'higher',
    measure: { kind: 'mean', of: 'spent', by: 'members' },
    drivers: ['conversion', 'purchaseFrequency', 'averageOrderValue'],
    definition: 'What a customer of the segment spent in the period, returns taken off, on average over all of them.',
    insights:
      'The one figure that conversion, frequency and order value come to; says how much attention a segment can pay for.',
    measurement:
      'Sum of all lines, returns as negative amounts, in the period of the line; customers without one count as 0.',
    formula: '`spent` ÷ `members`',
    trend: 'Decompose a change into its three drivers before explaining it; take out price changes.',
    diagnostics: 'Compare mean and median in segment_profiles: when they move apart, a few customers made the change.',
    tips: 'Rank segments by the difference that can be made, not by the level: the best ones often have the least to gain.',
    visualisation: 'Dots with intervals; a waterfall from one period to the next by driver.',
    risks:
      'Heavy tails: with less than about 200 customers the t interval is too narrow. A return in a later period lowers a period in which nothing was wrong.',
    tools: 'View segment_kpis; `resegment experiment analyse` bootstraps differences in money.',
    integration: 'Role transactions with returns as negative amounts (`cleanse` nets cancellations).',
    changeImpact:
      'Times the customers of the segment it is revenue: the budget of a treatment should stay below the difference it makes here times margin.',
  },
  {
    name: 'lifetimeValue',
    title: 'Lifetime value, realised',
    unit: 'money',
    better: 'higher',
    measure: { kind: 'mean', of: 'lifetime', by: 'members' },
    drivers: ['retention', 'purchaseFrequency', 'averageOrderValue'],
    definition: 'What a customer of the segment has spent from his first line up to the end of the period.',
    insights: 'What acquisition has paid back so far; the base for what may be spent to win customers like these.',
    measurement:
      'Sum of all lines in the data up to the end of the period, returns as negative amounts, without discounting. Revenue, not margin.',
    formula: '`lifetime` ÷ `members`',
    trend: 'It can hardly fall: look at how fast it grows per period, and compare cohorts at equal age.',
    diagnostics: 'Split by tenure. Two segments of the same value may be old and slow, or young and quick.',
    tips: 'Use it for who earned loyalty; for whom to invest in, take the predicted one.',
    visualisation: 'Cumulative curves by cohort; dots with intervals by segment.',
    risks:
      'Data that begin late cut off what old customers spent before. It grows with tenure, so that it explains the past and promises nothing.',
    tools: 'Features `monetary`, `tenure`; `resegment adopt` where an earlier system knows more.',
    integration: 'Role transactions, as far back as the source goes.',
    changeImpact: 'Moves slowly: a change of retention shows after several periods, and then lasts.',
  },
  {
    name: 'predictedLifetimeValue',
    title: 'Lifetime value, predicted',
    unit: 'money',
    better: 'higher',
    measure: { kind: 'mean', of: 'predicted', by: 'forecast' },
    drivers: ['retention', 'repurchase', 'purchaseFrequency'],
    definition:
      'What a customer of the segment is expected to spend from the as-of on, within the lifetime and at the discount of the feature.',
    insights:
      'Where future revenue will come from: segments whose predicted value exceeds the realised one are growing.',
    measurement:
      'Mean of feature `lifetimeValue` of the pipeline (beta-geometric purchases, gamma-gamma spend) over customers who have one, in the newest period only. Pipelines without the feature have no such figure.',
    formula: '`predicted` ÷ `forecast`',
    trend: 'Compare runs whose model was fitted the same way; a refit moves all segments at once.',
    diagnostics: 'Look at `pAlive` and expected purchases apart: few who are alive, or many who buy little.',
    tips: 'Cap what is spent on a customer by predicted value times margin; begin where probability to be alive is in the middle, since there something can be changed.',
    visualisation: 'Realised against predicted, a point a segment, with the diagonal.',
    risks:
      'A forecast of averages: it knows no marketing, seasons or prices. Its interval shows the spread of customers, not the error of the model; the back test in model_selection does.',
    tools: 'Features `lifetimeValue`, `pAlive`, `expectedPurchases` with a `cutoff` test the forecast on the past.',
    integration: 'Role transactions by way of the features; customer_features hands single values to other systems.',
    changeImpact:
      'Follows retention strongly: a customer kept one period longer adds a period of spend, less discount.',
  },
  {
    name: 'marginRate',
    title: 'Margin',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'ratio', of: 'earned', by: 'costed' },
    drivers: ['averageOrderValue', 'contactCost'],
    definition: 'Share of the revenue of the period that is left after the cost of what was sold; below 0 is a loss.',
    insights:
      'Shows segments that are large in revenue and poor in earnings, typically hunters of discounts or of one cheap category.',
    measurement:
      'Only lines whose cost is known count, on both sides. `kpis.costPer` says whether a cost is of a line or of one unit. A return takes its margin away.',
    formula: '`earned` ÷ `costed`',
    trend: 'Follow together with the share of discounts: margins fall first, revenue later.',
    diagnostics: 'Split by category and discount; compare the share of lines without a cost, which may have changed.',
    tips: 'Take segments that buy at full price out of general discounts; give them service instead.',
    visualisation: 'Revenue against margin, a point a segment, its size the customers.',
    risks:
      'Cost of goods only: delivery, returns handling and contacts are not in it. Lines without cost bias it if they are of particular goods.',
    tools: 'Features `marginRate`, `grossMargin`, `discountShare`; view data_quality counts what has no cost.',
    integration: 'Role transactions with column `cost`, often by a lookup into the product master.',
    changeImpact:
      'A point of margin on a segment’s revenue is earned without a further order; it is lost as quickly by one careless campaign.',
  },
]
