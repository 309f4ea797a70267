import { formatCount, formatShare } from '../../../run/figures.ts'
import type { ComparisonMeasure, MeasureName } from '../comparison/measures.ts'
import { worstLevel } from './thresholds.ts'
import { everyRun, regularRuns, type ComparedFacts, type ComparisonGate, type GateFinding } from './entry.ts'

export const moveRemedy =
  '`resegment moves RUN` lists who would move and why. Approve where the reasons convince; `resegment use-live-model RUN` keeps the live segments and moves only those who buy differently; reject where the source is to blame.'
export const anyMove = 'resegment moves RUN'
const noPanel = (runId: string): string => `No customer of this run is in ${runId}.`

export const membershipChurn: ComparisonGate = {
  kind: 'comparison',
  unit: 'share',
  runs: everyRun,
  meaning: 'Share of the panel (customers in both) whose segment changed.',
  formula: 'panel customers in another segment than before ÷ panel customers',
  defaults: { warn: { above: 0.2 }, hold: { above: 0.35 } },
  scoreDefaults: { warn: { above: 0.1 }, hold: { above: 0.25 } },
  source:
    'Our convention. Quarters of Online Retail and Complete Journey that go on alike move 11 to 24 %; 49 % in the one that lost a segment (docs/examples).',
  why: 'Whoever moves gets other treatment: campaigns break off, reports of before and after compare different people.',
  remedy: moveRemedy,
  measure: ({ panel, published }) => {
    const { runId, moved } = published
    if (panel === 0)
      return [{ value: null, message: `No customer of this run is in the published ${runId}: none can have moved.` }]
    return [
      {
        value: moved / panel,
        message: `${formatCount(moved)} of the ${formatCount(panel)} customers present in both (${formatShare(moved / panel)}) changed their segment since ${runId}.`,
        customers: moved,
        list: anyMove,
      },
    ]
  },
}

export const agreement: ComparisonGate = {
  kind: 'comparison',
  unit: 'index',
  runs: regularRuns,
  meaning:
    'How segments of today and those that are live agree on the customers in both: 1 for the same segments, about 0 for no more than chance.',
  formula: 'adjusted mutual information of the two partitions of the panel (average of the entropies)',
  defaults: {},
  source:
    'Vinh, Epps & Bailey 2010. No threshold: what is healthy depends on the number of segments; look at what past runs had (`resegment gates PIPELINE --history`).',
  why: 'It sees what churn does not: whether segments are other groups, or the same with a border moved.',
  remedy: moveRemedy,
  measure: (facts) =>
    ofOne(facts, 'adjusted_mutual_information', ({ value }, runId) => ({
      value,
      message: `Segments of today and of ${runId} agree on the customers in both by ${value.toFixed(2)} (adjusted mutual information; 1: the same, 0: no more than chance).`,
    })),
}

/** Beyond what chance gives: the index counts as 0 below it. */
function beyondChance({ value, previous }: ComparisonMeasure): number {
  return previous !== null && value <= previous ? 0 : value
}

/** The features that drifted most first, beyond what chance gives. */
export const featureDrift: ComparisonGate = {
  kind: 'comparison',
  unit: 'index',
  runs: regularRuns,
  meaning:
    'How far the feature that drifted most is from where it lay when the live model was fitted; what chance alone may give counts as 0. Features that are the time since something that happened once, such as tenure, do not count.',
  formula: 'population stability index over deciles: sum of (now − then) × ln(now ÷ then); the largest of the features',
  defaults: { warn: { above: 0.25 }, hold: { above: 4 }, whenNotComputable: 'warn' },
  source:
    'Siddiqi 2006: from 0.1 noticeable, from 0.25 large. Our measurement: the recency of a shop whose history grew from three months to six gives 2.2 (Online Retail), prices in another unit or all zero 5 and more.',
  why: 'Either customers really changed, or a source did: another currency, another unit, values that are not filled in any more.',
  remedy:
    'See `resegment profile RUN` for the feature beside its source. Repair the source and start the next revision; approve where customers changed.',
  isAbout: ({ comparison, published }, thresholds) =>
    !published.isAdopted &&
    (comparison.some(({ measure }) => measure === 'feature_drift') ||
      !['pass', 'warn'].includes(worstLevel(thresholds))),
  measure: ({ comparison, published }) => {
    const measured = comparison.filter(({ measure }) => measure === 'feature_drift')
    const features = measured.filter(({ grows }) => grows !== true)
    if (features.length === 0 && measured.length > 0)
      return [{ value: 0, message: 'All features grow from run to run by themselves: that is no drift.' }]
    if (features.length === 0)
      return [
        {
          value: null,
          message: `No feature measures what one of ${published.runId} measured, or nobody kept how it lay: there is no drift to tell.`,
        },
      ]
    return features
      .map((found) => ({ found, value: beyondChance(found) }))
      .sort((a, b) => b.value - a.value)
      .map(({ found, value }) => ({
        subject: found.subject!,
        value,
        message:
          value === 0
            ? `None of ${features.length} columns of features drifted beyond chance since ${published.runId}.`
            : `${found.subject} drifted most, by ${value.toFixed(3)} since the model of ${published.runId} was fitted (population stability index; from 0.1 noticeable, from 0.25 large).`,
      }))
  },
}

export const shareDrift: ComparisonGate = {
  ...featureDrift,
  defaults: { warn: { above: 0.25 } },
  source: 'Siddiqi 2006: from 0.1 noticeable, from 0.25 large.',
  meaning: 'How far the sizes of the segments that go on are from those that are live.',
  formula: 'population stability index over segments: sum of (now − then) × ln(now ÷ then)',
  why: 'Consumers plan by the sizes of segments: budgets, print runs, capacities.',
  remedy: moveRemedy,
  isAbout: () => true,
  measure: (facts) =>
    ofOne(facts, 'share_drift', (found, runId) => {
      const value = beyondChance(found)
      const chance = value === 0 && found.value > 0 ? ', which chance alone may give' : ''
      return {
        value,
        message: `The sizes of segments drifted by ${found.value.toFixed(3)} since ${runId} (population stability index)${chance}.`,
      }
    }),
}

export const kpiMix: ComparisonGate = {
  kind: 'comparison',
  unit: 'share',
  runs: regularRuns,
  meaning:
    'Share of what the customers in both spend (feature monetary, as it is today) that is in another segment than before.',
  formula: 'spending of panel customers who moved ÷ spending of the panel',
  defaults: {},
  source: 'No threshold: by how much money may move the business has to say.',
  why: 'A few customers who move can take most of the revenue with them: churn counts heads.',
  remedy: moveRemedy,
  isAbout: ({ comparison }, thresholds) =>
    comparison.some(({ measure }) => measure === 'kpi_moved') || worstLevel(thresholds) !== 'pass',
  measure: (facts) =>
    ofOne(
      facts,
      'kpi_moved',
      ({ value }, runId) => ({
        value,
        message: `${formatShare(value)} of what the customers in both spend is in another segment than in ${runId}.`,
        customers: facts.published.moved,
        list: anyMove,
      }),
      'No feature monetary says what customers spend, or nobody in both spends anything.',
    ),
}

/** Fewer customers more or less say nothing of a segment, however small it is. */
export const LEAST_CHANGE = 30

export const massChange: ComparisonGate = {
  kind: 'comparison',
  unit: 'change',
  runs: regularRuns,
  bySegment: true,
  leastChange: LEAST_CHANGE,
  meaning:
    'Of the segment whose number of customers changed most, the change as a share of what it had, up or down. It trips on the share and on a count: changes of fewer than `customers` do not count.',
  formula: '|customers now − before| ÷ before, where |customers now − before| is at least `customers`; the largest',
  defaults: { warn: { above: 0.5 } },
  source: `Our convention: a segment that lost or gained half its customers is another one to plan for. Of ${LEAST_CHANGE} customers a share is known to ± 18 points (95 %).`,
  why: 'A treatment that suits the segment may not suit those who came, or has lost those it was for.',
  remedy: moveRemedy,
  measure: ({ comparison, published, segments }) => {
    const changes = comparison
      .flatMap(({ measure, subject, value, previous }) =>
        measure === 'customers' && subject !== null && previous !== null && previous > 0
          ? [{ subject, value, previous, change: (value - previous) / previous }]
          : [],
      )
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    if (changes.length === 0)
      return [{ value: null, message: `None of ${segments.length} segments is one of ${published.runId}.` }]
    return changes.map(({ subject, value, previous, change }): GateFinding => ({
      subject,
      value: Math.abs(change),
      changed: Math.abs(value - previous),
      message: `${subject} has ${formatCount(value)} customers, ${formatCount(previous)} in ${published.runId} (${change < 0 ? '' : '+'}${formatShare(change)}).`,
      customers: Math.abs(value - previous),
      list: `${anyMove} ${change < 0 ? '--from' : '--to'} ${subject}`,
    }))
  },
}

function ofOne(
  { comparison, published }: ComparedFacts,
  measure: MeasureName,
  read: (found: ComparisonMeasure, runId: string) => GateFinding,
  without?: string,
): readonly GateFinding[] {
  const found = comparison.find((one) => one.measure === measure && one.subject === null)
  return [found ? read(found, published.runId) : { value: null, message: without ?? noPanel(published.runId) }]
}
