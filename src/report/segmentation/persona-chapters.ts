import { formatCount, formatShare } from '../../run/figures.ts'
import type { NearestOfRun } from '../../run/nearest-customers.ts'
import type { Chapter, Fact, Part } from './document.ts'
import { nearestText } from './nearest-text.ts'
import { changeText } from './overview-chapters.ts'
import { planParts } from './plan-parts.ts'
import { aspects, type Aspect, type Exchange, type Report, type ReportedSegment, type Trait } from './report.ts'
import { capital, effectText, featureText, listText, valueText } from './value-text.ts'

const SHOWN_TRAITS = 8
const aspectTitles: Readonly<Record<Aspect, string>> = {
  who: 'Who they are',
  what: 'What they do',
  worth: 'What they are worth now',
  later: 'What they may be worth',
}

/** One chapter a segment. @param nearest whom to name by their ids; absent: nobody */
export function personaChapters(report: Report, nearest?: NearestOfRun): readonly Chapter[] {
  return report.segments.map((segment, position) => ({
    id: `segment-${position + 1}`,
    title: segment.name,
    colour: position,
    lead: leadOf(segment),
    parts: [
      { facts: factsOf(segment, report) },
      ...ruleParts(segment),
      ...traitParts(segment),
      ...preferenceParts(segment),
      ...typicalParts(segment),
      ...nearestParts(segment, nearest),
      ...planParts(segment.plan),
      ...(report.against === null ? [] : moveParts(segment)),
    ],
  }))
}

function leadOf({ customers, traits }: ReportedSegment): string {
  if (customers === null) return 'Too few customers to say anything of them.'
  const strong = traits.filter(({ effect }) => Math.abs(effect ?? 0) >= 0.5).slice(0, 3)
  const texts = strong.map(({ feature, effect }) => `${effectText(effect)} in ${featureText(feature)}`)
  return texts.length === 0
    ? 'Close to the average in everything that is measured.'
    : `Compared with all others: ${listText(texts)}.`
}

function factsOf(segment: ReportedSegment, { currency, against }: Report): readonly Fact[] {
  const { customers, share, moneyShare, moneyEach, stability, status, isNew, owner, segmentKey } = segment
  return [
    {
      label: 'Customers',
      value: customers === null ? 'fewer than 5' : formatCount(customers),
      note: formatShare(share),
    },
    ...(against === null ? [] : [{ label: 'Change', value: changeText(segment) }]),
    ...(moneyShare === null
      ? []
      : [
          { label: 'Revenue', value: formatShare(moneyShare), note: 'of all' },
          { label: 'Each', value: valueText(moneyEach, currency ?? ''), note: 'on average' },
        ]),
    ...segment.scores.map(({ score, unit, median }) => ({
      label: featureText(score),
      value: valueText(median, unit),
      note: 'median',
    })),
    ...(stability === null
      ? []
      : [{ label: 'Stability', value: formatShare(stability), note: 'comes back when drawn anew' }]),
    { label: 'Status', value: isNew ? 'new' : status, note: segmentKey },
    ...(owner === null ? [] : [{ label: 'Owner', value: owner }]),
  ]
}

/** A tree has several ways into a segment. */
function ruleParts({ rule }: ReportedSegment): readonly Part[] {
  if (rule === null) return []
  const ways = rule.split('; or ')
  if (ways.length === 1) return [{ paragraphs: [`In words: ${rule}.`] }]
  return [{ title: 'In words, any of', list: ways.map((way) => `${way}.`) }]
}

function traitParts({ traits, name }: ReportedSegment): readonly Part[] {
  const told = traits.filter(({ mean }) => mean !== null)
  const charted = told.filter(({ effect }) => effect !== null).slice(0, SHOWN_TRAITS)
  const [top] = charted
  const figure: readonly Part[] = top
    ? [
        {
          figure: {
            title: `${capital(featureText(top.feature))} sets “${name}” apart: ${valueText(top.mean, top.unit)} against ${valueText(top.ofAll, top.unit)} of all`,
            note: 'Difference from all other customers in standard deviations (Cohen’s d); beside it the mean of the segment and of all customers.',
            chart: {
              kind: 'differences',
              labels: charted.map(({ feature }) => featureText(feature)),
              values: charted.map(({ effect }) => effect!),
              texts: charted.map(({ mean, ofAll, unit }) => `${valueText(mean, unit)} · all ${valueText(ofAll, unit)}`),
            },
            table: traitTable('Features with their means and differences, the largest first', charted),
          },
        },
      ]
    : []
  const lists = aspects.flatMap((aspect): Part[] => {
    const some = told.filter((trait) => trait.aspect === aspect).slice(0, SHOWN_TRAITS)
    if (some.length === 0) return []
    return [{ title: aspectTitles[aspect], list: some.map(traitText) }]
  })
  return [...figure, ...lists]
}

function traitText({ feature, mean, ofAll, unit, effect, meaning }: Trait): string {
  const figures = `${capital(featureText(feature))}: ${valueText(mean, unit)}, all customers ${valueText(ofAll, unit)}, ${effectText(effect)}`
  return meaning === '' ? `${figures}.` : `${figures}. ${meaning}`
}

function traitTable(caption: string, traits: readonly Trait[]) {
  return {
    caption,
    columns: [
      { title: 'Feature' },
      ...['Mean', 'Median', 'All customers', 'Effect size'].map((title) => ({ title, align: 'right' as const })),
      { title: 'In words' },
    ],
    rows: traits.map(({ feature, mean, median, ofAll, effect, unit }) => [
      { text: featureText(feature) },
      { text: valueText(mean, unit) },
      { text: valueText(median, unit) },
      { text: valueText(ofAll, unit) },
      { text: effect === null ? '–' : effect.toFixed(2) },
      { text: effectText(effect) },
    ]),
  }
}

function preferenceParts({ preferences }: ReportedSegment): readonly Part[] {
  if (preferences.length === 0) return []
  return [
    {
      title: 'What they prefer',
      list: preferences.map(
        ({ about, level, share, ofAll }) =>
          `${capital(featureText(about))}: ${level}, ${formatShare(share)} (all customers ${formatShare(ofAll)})`,
      ),
    },
  ]
}

function typicalParts({ typical }: ReportedSegment): readonly Part[] {
  if (!typical || typical.length === 0) return []
  const texts = typical
    .filter(({ feature }) => !feature.includes(':'))
    .slice(0, SHOWN_TRAITS)
    .map(({ feature, value, unit }) => `${featureText(feature)} ${valueText(value, unit)}`)
  return texts.length === 0
    ? []
    : [
        {
          title: 'A typical customer',
          paragraphs: [`${capital(listText(texts))}: medians of the five who lie nearest the middle of the segment.`],
        },
      ]
}

function nearestParts({ segmentKey }: ReportedSegment, nearest: NearestOfRun | undefined): readonly Part[] {
  if (!nearest) return []
  return [{ title: 'Customers nearest its middle', paragraphs: [nearestText(nearest, segmentKey)] }]
}

function moveParts({ came, went }: ReportedSegment): readonly Part[] {
  const text = (exchanges: readonly Exchange[], word: string, nobody: string): readonly string[] =>
    exchanges.map(({ other, customers, why }) =>
      other === null
        ? `${formatCount(customers)} ${nobody}${why === 'new customer' || why === 'no longer a customer' ? '' : ` (${why})`}`
        : `${formatCount(customers)} ${word} “${other}”: ${why}`,
    )
  const lines = [...text(came, 'came from', 'came from outside'), ...text(went, 'went to', 'are customers no more')]
  return [
    {
      title: 'Who came and went, and why',
      list: lines.length > 0 ? lines : ['On every way fewer than five, or as many as would give such a way away.'],
    },
  ]
}
