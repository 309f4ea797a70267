import { formatCount, formatShare } from '../../run/figures.ts'
import type { Cell, Table } from '../comparison/page.ts'
import { countText } from '../comparison/withhold.ts'
import type { Chapter } from './document.ts'
import type { Report, ReportedSegment } from './report.ts'
import { effectText, featureText, valueText } from './value-text.ts'

const right = (title: string) => ({ title, align: 'right' as const })
const STRONGEST = 1.5
const SHOWN_FEATURES = 14

/** The segments at a glance: how many, how much, how they differ, where they lie. */
export function overviewChapters(report: Report): readonly Chapter[] {
  return [segmentChapter(report), differenceChapter(report), ...mapChapter(report)]
}

function segmentChapter(report: Report): Chapter {
  const { segments, currency } = report
  const hasMoney = segments.some(({ moneyShare }) => moneyShare !== null)
  const share = (value: number | null): string => (value === null ? '–' : formatShare(value))
  return {
    id: 'segments',
    title: 'Segments',
    parts: [
      {
        figure: {
          title: sizeTitle(report),
          note: hasMoney
            ? 'Share of all customers and of what all customers spent in the window of the feature, in percent.'
            : 'Share of all customers, in percent.',
          chart: {
            kind: 'bars',
            labels: segments.map(({ name }) => name),
            series: [
              { name: 'Customers', values: segments.map((one) => one.share) },
              ...(hasMoney ? [{ name: 'Revenue', values: segments.map(({ moneyShare }) => moneyShare) }] : []),
            ],
            texts: [
              segments.map((one) => share(one.share)),
              ...(hasMoney ? [segments.map(({ moneyShare }) => share(moneyShare))] : []),
            ],
          },
          table: sizeTable(segments, currency),
        },
      },
    ],
  }
}

function sizeTitle({ segments }: Report): string {
  const [over] = segments
    .filter(({ moneyShare }) => moneyShare !== null)
    .sort((a, b) => b.moneyShare! / b.share - a.moneyShare! / a.share)
  const [largest] = segments
  return over
    ? `“${over.name}” earns ${(over.moneyShare! / over.share).toFixed(1)} times its share of customers`
    : `“${largest!.name}” is the largest segment: ${formatShare(largest!.share)} of the customers`
}

export function sizeTable(segments: readonly ReportedSegment[], currency: string | null): Table {
  return {
    caption: 'Segments with their sizes, what their customers spent, and the change since the publication before',
    columns: [
      { title: 'Segment' },
      ...['Customers', 'Share', 'Change', 'Revenue', 'Each'].map(right),
      { title: 'Status' },
    ],
    rows: segments.map((segment): readonly Cell[] => [
      { text: segment.name, note: segment.segmentKey },
      { text: segment.customers === null ? countText(1) : formatCount(segment.customers) },
      { text: formatShare(segment.share) },
      { text: changeText(segment) },
      { text: segment.moneyShare === null ? '–' : formatShare(segment.moneyShare) },
      { text: segment.moneyEach === null ? '–' : valueText(segment.moneyEach, currency ?? '') },
      { text: segment.isNew ? 'new' : segment.status },
    ]),
  }
}

export function changeText({ customers, customersBefore }: ReportedSegment): string {
  if (customers === null || customersBefore === null) return '–'
  const change = customers - customersBefore
  if (change === 0) return '0'
  return `${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))} (${formatShare(Math.abs(change) / customersBefore)})`
}

/** Features in rows, segments in columns: effect sizes with their colour. */
function differenceChapter({ segments }: Report): Chapter {
  const strength = new Map<string, number>()
  for (const { traits } of segments)
    for (const { feature, effect } of traits)
      strength.set(feature, Math.max(strength.get(feature) ?? 0, Math.abs(effect ?? 0)))
  const features = [...strength].sort((a, b) => b[1] - a[1]).slice(0, SHOWN_FEATURES)
  const cell = (segment: ReportedSegment, feature: string): Cell => {
    const trait = segment.traits.find((one) => one.feature === feature)
    if (!trait || trait.mean === null) return { text: '–' }
    return {
      text: valueText(trait.mean, trait.unit),
      note: effectText(trait.effect),
      ...(trait.effect !== null && { heat: Math.max(-1, Math.min(1, trait.effect / STRONGEST)) }),
    }
  }
  const [top] = features
  return {
    id: 'differences',
    title: 'How they differ',
    lead: top
      ? `They differ most in ${featureText(top[0])}. Each cell has the mean of the segment; its colour and words say how that compares with all other customers (Cohen’s d: from 0.2 somewhat, from 0.5 clearly, from 0.8 far).`
      : 'No feature tells them apart.',
    parts:
      features.length === 0
        ? []
        : [
            {
              table: {
                caption: 'Mean of each feature in each segment, with its difference from the rest',
                columns: [{ title: 'Feature' }, ...segments.map(({ name }) => right(name))],
                rows: features.map(([feature]) => [
                  { text: featureText(feature) },
                  ...segments.map((segment) => cell(segment, feature)),
                ]),
              },
            },
          ],
  }
}

function mapChapter({ map, segments }: Report): readonly Chapter[] {
  if (!map || map.segments.length < 2) return []
  const explained = map.explained[0] + map.explained[1]
  return [
    {
      id: 'map',
      title: 'Map',
      parts: [
        {
          figure: {
            title: `Two directions show ${formatShare(explained)} of how customers differ`,
            note: `Principal components of the standardised features of ${formatCount(map.customers)} customers. Each dot stands for five or more customers of a segment who lie together, and is the larger the more they are; rings hold about half of a segment. Near is alike; the axes themselves have no unit.${map.withheldShare > 0 ? ` ${formatShare(map.withheldShare)} of the customers lie too far apart to be drawn.` : ''}`,
            chart: { kind: 'map', map, segments: segments.map(({ segmentKey, name }) => ({ segmentKey, name })) },
            table: {
              caption: 'Where the middle of each segment lies on the map, in standard deviations',
              columns: [{ title: 'Segment' }, right('Across'), right('Up')],
              rows: map.segments.map(({ segmentKey, x, y }) => [
                { text: segments.find((one) => one.segmentKey === segmentKey)?.name ?? segmentKey, note: segmentKey },
                { text: x.toFixed(2) },
                { text: y.toFixed(2) },
              ]),
            },
          },
        },
      ],
    },
  ]
}
