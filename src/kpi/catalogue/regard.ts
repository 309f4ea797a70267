import type { KpiEntry } from '../entry.ts'

/** Whether customers come by, and what they think. */
export const regardKpis: readonly KpiEntry[] = [
  {
    name: 'engagement',
    title: 'Engagement',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'share', of: 'active', by: 'members' },
    drivers: ['responseRate', 'csat'],
    definition: 'Share of the customers of the segment who did anything on the site or in the product in the period.',
    insights:
      'Leads purchases: who ceases to come ceases to buy some time later. The lead shows how long there is to act.',
    measurement:
      'At least one row of role events in the period, whatever its name; what does not count should be left out when the source is mapped.',
    formula: '`active` ÷ `members`',
    trend: 'Weekly ups and downs are noise; look for three periods in one direction.',
    diagnostics:
      'Split by event and channel. A fall on all of them at once is usually a broken tracker: see rowCount and data_quality first.',
    tips: 'Where engagement is high and conversion low, help to decide: advice, availability, price. Where both are low, be seen first.',
    visualisation: 'Engagement against conversion, a point a segment, four fields.',
    risks:
      'Consent and ad blockers hide people, and not evenly over segments. Bots are engaged customers until cleansing removes them.',
    tools: 'Features `eventCount` and `eventsPerSession` with their windows; rules under `cleanse` for bots.',
    integration:
      'Role events, from web analytics or product logs, joined through role identities where devices have ids of their own.',
    changeImpact: 'Raises the number who can convert; by itself it earns nothing.',
  },
  {
    name: 'csat',
    title: 'Satisfaction (CSAT)',
    unit: 'share',
    better: 'higher',
    measure: { kind: 'share', of: 'satisfied', by: 'rated' },
    drivers: ['nps', 'engagement'],
    definition: 'Share of the customers who rated in the period whose latest rating is satisfied.',
    insights:
      'Where expectations of a segment are not met; low satisfaction of valuable segments is the most expensive kind.',
    measurement:
      'The latest answer of each customer in the period to the question under `kpis.csat`, or else the satisfaction of his latest rated ticket; satisfied is `kpis.csat.satisfied` and above.',
    formula: '`satisfied` ÷ `rated`',
    trend: 'Only while question, scale and occasion stay the same; a change of any of them begins a new series.',
    diagnostics: 'By topic of tickets and days until they were resolved; by channel that was asked in.',
    tips: 'Call back the dissatisfied of the two best segments within days: that is few people and most of the money.',
    visualisation: 'Stacked bars of answers by segment, beside the share with its interval.',
    risks:
      'Who answers is not who is a customer: compare the number rated with the members. After support contacts one measures support, not the firm.',
    tools: 'Features `supportSatisfaction`, `surveyNumber`; survey tools export what role survey reads.',
    integration: 'Role survey, or role tickets with column `satisfaction`.',
    changeImpact:
      'Precedes retention by a period or two; the link differs by segment, which an experiment with service can tell.',
  },
  {
    name: 'nps',
    title: 'Net promoter score',
    unit: 'points',
    better: 'higher',
    measure: { kind: 'mean', of: 'recommendation', by: 'answered', times: 100 },
    drivers: ['csat', 'retention'],
    definition: 'Promoters less detractors in a hundred who answered whether they would recommend: −100 to 100.',
    insights:
      'Which segments bring others, and which warn them. Compare with retention: customers may stay and not recommend, for want of another.',
    measurement:
      'The latest answer, 0 to 10, of each customer in the period to the question under `kpis.nps`: 9 and 10 promoter, 0 to 6 detractor. Reichheld 2003.',
    formula: '100 × `recommendation` ÷ `answered`',
    trend: 'Needs many answers: with 100 of them the interval is about ±15 points wide, and most movements are noise.',
    diagnostics:
      'Read what detractors wrote; compare promoters and detractors of the same segment in delivery and tickets.',
    tips: 'Ask promoters for reviews and referrals, detractors for a talk; send nobody an offer for a low score.',
    visualisation: 'Diverging bars of detractors, passives and promoters by segment.',
    risks:
      'Cultures answer differently, so compare segments within a country. A target on the score teaches people to ask for tens.',
    tools: 'Features `surveyNumber`, `surveyAnswer`; view segment_kpis.',
    integration: 'Role survey with question and answer, a row an answer.',
    changeImpact: 'Weakly and slowly linked with growth; take it as a warning, not as a goal.',
  },
]
