import { formatCount, formatGateValue, formatShare } from '../../run/figures.ts'
import { outcomeText } from '../../run/verdict-text.ts'
import { gateOutcomes, type GateOutcome } from '../../run/verdict.ts'
import type { ComparedRun } from './compared-run.ts'
import { nameOf } from './move-sections.ts'
import type { Cell, Section } from './page.ts'
import { isFew } from '../../run/moves.ts'
import { countText } from './withhold.ts'

type Measures = ComparedRun['findings']['comparison']
const right = (title: string) => ({ title, align: 'right' as const })

export function gateSection({ findings }: ComparedRun): Section {
  const rank = (outcome: GateOutcome): number => gateOutcomes.indexOf(outcome)
  const checks = [...findings.checks].sort((a, b) => rank(b.outcome) - rank(a.outcome))
  return {
    title: 'Gates',
    tables: [
      {
        caption: 'Every gate with its outcome and its figure, the worst first',
        columns: [{ title: 'Gate' }, { title: 'Outcome' }, right('Value'), { title: 'Finding' }],
        rows: checks.map((check) => [
          { text: check.gate },
          { text: outcomeText(check, findings.moved), tone: check.outcome },
          { text: check.value === null ? '–' : formatGateValue(check.value, check.unit) },
          { text: check.message },
        ]),
      },
    ],
  }
}

export function populationSection({ against, findings }: ComparedRun): readonly Section[] {
  if (against === null) return []
  const counted = (name: 'new' | 'returned' | 'lost') => countText(valueOf(findings.comparison, name) ?? 0)
  const rows: readonly (readonly [string, string, string])[] = [
    ['in both', formatCount(findings.panel), 'the panel: everything about agreement and churn is of them'],
    ['new', counted('new'), 'never seen before'],
    ['returned', counted('returned'), 'were customers once, not in what is live'],
    ['lost', counted('lost'), 'in what is live, not here any more'],
  ]
  return [
    {
      title: 'Customers',
      tables: [
        {
          caption: 'How many customers are in both, new, back or gone',
          columns: [{ title: 'Population' }, right('Customers'), { title: 'Who' }],
          rows: rows.map((row) => row.map((text) => ({ text }))),
        },
      ],
    },
  ]
}

/** Every segment there is or was, before and after. */
export function segmentSection(run: ComparedRun): Section {
  const { findings, against } = run
  const sizes = findings.comparison.filter(({ measure, subject }) => measure === 'customers' && subject !== null)
  const before = new Map(sizes.map(({ subject, previous }) => [subject!, previous]))
  const primary = findings.segments.filter(({ level }) => level === 0)
  const gone = sizes.filter(({ subject }) => primary.every(({ segmentKey }) => segmentKey !== subject))
  const all = [
    ...[...primary].sort((a, b) => b.customers - a.customers).map((one) => ({ ...one, key: one.segmentKey })),
    ...gone.map(({ subject }) => ({
      key: subject!,
      customers: 0,
      share: 0,
      isNew: false,
      status: 'retired',
      stability: null,
    })),
  ]
  const largest = Math.max(1, ...all.map(({ key, customers }) => Math.max(customers, before.get(key) ?? 0)))
  const jaccard = (key: string) => valueOf(findings.comparison, 'jaccard', key)
  const name = (key: string): Cell => ({ text: nameOf(run, key), note: key })
  const share = (value: number | undefined | null): Cell => ({ text: value == null ? '–' : formatShare(value) })
  if (against === null)
    return {
      title: 'Segments',
      tables: [
        {
          caption: 'The segments with their sizes',
          columns: [{ title: 'Segment' }, right('Customers'), right('Share'), right('Stability')],
          rows: all.map((one) => [
            name(one.key),
            { text: countText(one.customers) },
            share(one.share),
            share(one.stability),
          ]),
        },
      ],
    }
  return {
    title: 'Segments, before and after',
    tables: [
      {
        caption: 'Sizes of the segments in what is live and in this run',
        columns: [
          { title: 'Segment' },
          { title: '' },
          ...['Before', 'After', 'Change', 'in %', 'Same customers', 'Stability'].map(right),
          { title: 'Status' },
        ],
        rows: all.map(({ key, customers, status, isNew, stability }) => {
          const was = before.get(key) ?? 0
          return [
            name(key),
            { text: '', bars: [was / largest, customers / largest] },
            { text: countText(was) },
            { text: countText(customers) },
            ...changeCells(was, customers),
            share(jaccard(key)),
            share(stability),
            { text: isNew ? 'new' : status },
          ]
        }),
      },
    ],
    foot: 'Same customers: of those who were in it or are in it, and are in both runs, the share that is in it both times. Stability: how well it comes back when customers are drawn anew.',
  }
}

/** The change as a count and in percent; neither of few customers. */
function changeCells(was: number, is: number): readonly Cell[] {
  const pointsAtFew = [was, is, Math.abs(is - was)].some(isFew)
  if (pointsAtFew && is !== was) return [{ text: '·' }, { text: '·' }]
  const sign = is > was ? '+' : is < was ? '−' : ''
  const percent = was === 0 ? '–' : `${sign}${formatShare(Math.abs(is - was) / was)}`
  return [{ text: `${sign}${formatCount(Math.abs(is - was))}` }, { text: percent }]
}

const agreements = [
  [
    'adjusted_rand',
    'Adjusted Rand index',
    '1: the same segments; about 0: no more than chance. Counts pairs of customers.',
  ],
  [
    'adjusted_mutual_information',
    'Adjusted mutual information',
    '1: the same segments; about 0: no more than chance. Small segments count as much.',
  ],
  [
    'variation_of_information',
    'Variation of information',
    '0: the same segments; the larger, the less one tells of the other (in nats).',
  ],
] as const

export function agreementSection({ findings }: ComparedRun): readonly Section[] {
  const rows = agreements.flatMap(([measure, title, text]) => {
    const value = valueOf(findings.comparison, measure)
    return value === null ? [] : [[{ text: title }, { text: value.toFixed(3) }, { text }]]
  })
  if (rows.length === 0) return []
  const columns = [{ title: 'Measure' }, right('Value'), { title: 'How to read it' }]
  return [{ title: 'Agreement on the panel', tables: [{ caption: 'How the two segmentations agree', columns, rows }] }]
}

export function driftSection({ findings }: ComparedRun): readonly Section[] {
  const drifts = findings.comparison
    .filter(({ measure }) => measure === 'feature_drift' || measure === 'share_drift')
    .sort((a, b) => b.value - a.value)
  if (drifts.length === 0) return []
  return [
    {
      title: 'Drift',
      lead: 'How far today’s customers lie from those the live model was fitted on.',
      tables: [
        {
          caption: 'Drift of each feature and of the sizes of segments, the largest first',
          columns: [{ title: 'Of' }, right('Index'), right('By chance'), right('KS distance'), { title: 'Reading' }],
          rows: drifts.map(({ subject, value, previous }) => [
            { text: subject ?? 'sizes of segments' },
            { text: value.toFixed(3) },
            { text: previous === null ? '–' : previous.toFixed(3) },
            { text: subject === null ? '–' : (valueOf(findings.comparison, 'feature_ks', subject)?.toFixed(3) ?? '–') },
            driftReading(value, previous),
          ]),
        },
      ],
      foot: 'Index: population stability index (Siddiqi 2006: from 0.1 noticeable, from 0.25 large). By chance: what samples of this size stay below in 99.9 % of cases without any drift. KS distance: largest difference of the shares of customers up to a value.',
    },
  ]
}

const [NOTICEABLE, LARGE] = [0.1, 0.25]

/** Whether a drift is more than chance, in a word. */
export function driftReading(value: number, byChance: number | null): Cell {
  if (byChance !== null && value <= byChance) return { text: 'no more than chance' }
  if (value >= LARGE) return { text: 'large', tone: 'hold' }
  return value >= NOTICEABLE ? { text: 'noticeable', tone: 'warn' } : { text: 'small' }
}

/** What the customers of each segment spend; nothing of segments of a few. */
export function moneySection(run: ComparedRun): readonly Section[] {
  const { comparison } = run.findings
  const moved = valueOf(comparison, 'kpi_moved')
  const sizeOf = new Map(
    comparison
      .filter(({ measure }) => measure === 'customers')
      .map((one) => [one.subject, [one.value, one.previous ?? 0]]),
  )
  const hasFew = (subject: string | null): boolean => (sizeOf.get(subject) ?? []).some(isFew)
  const shares = comparison.filter(({ measure, subject }) => measure === 'kpi_share' && !hasFew(subject))
  if (moved === null || shares.length === 0) return []
  return [
    {
      title: 'What customers spend',
      lead: `${formatShare(moved)} of what the customers in both spend is in another segment than before.`,
      tables: [
        {
          caption: 'Share of what is spent, by segment, with its present and its former customers',
          columns: [{ title: 'Segment' }, right('Former customers'), right('Present customers')],
          rows: [...shares]
            .sort((a, b) => b.value - a.value)
            .map(({ subject, value, previous }) => [
              { text: nameOf(run, subject!), note: subject! },
              { text: previous === null ? '–' : formatShare(previous) },
              { text: formatShare(value) },
            ]),
        },
      ],
    },
  ]
}

export function valueOf(
  measures: Measures,
  name: Measures[number]['measure'],
  subject: string | null = null,
): number | null {
  return measures.find((one) => one.measure === name && one.subject === subject)?.value ?? null
}
