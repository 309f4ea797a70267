import { formatCount, formatShare, groupThousands } from '../run/figures.ts'
import type {
  CategoryFigures,
  CompositionFigures,
  FeatureDistribution,
  FeatureDistributions,
  NumberFigures,
} from '../stages/features/distribution.ts'
import { countOf } from './figures.ts'
import { histogramBars, shareBar } from './histogram-bars.ts'
import { textTable } from './text-table.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

const MOST_LEVELS = 12
const LEVEL_CHARACTERS = 32
const BAR_CHARACTERS = 30
const DIGITS = 3
/** Types whose bars each hold equally many whole numbers. */
const WHOLE: readonly FeatureDistribution['type'][] = ['count', 'ordinal', 'boolean']

type NumberDistribution = FeatureDistribution & { readonly figures: NumberFigures }
type LevelDistribution = FeatureDistribution & { readonly figures: CategoryFigures | CompositionFigures }

/** How the features of a run are distributed: a screen or two. */
export function featureDistributions({ customers, features }: FeatureDistributions): readonly string[] {
  const numbers = features.filter((one): one is NumberDistribution => one.figures.kind === 'number')
  const others = features.filter((one): one is LevelDistribution => one.figures.kind !== 'number')
  return [
    `${countOf(features.length, 'feature')} of ${countOf(customers, 'customer')}`,
    ...(numbers.length === 0 ? [] : ['', ...numberBlock(numbers)]),
    ...others.flatMap((one) => ['', ...levelBlock(one)]),
  ]
}

function numberBlock(features: readonly NumberDistribution[]): readonly string[] {
  const right = ['Null', 'Zero', 'Min', 'p10', 'Median', 'p90', 'Max', 'Mean']
  const [titles = '', ...lines] = textTable(
    [{ title: 'Feature' }, ...right.map((title) => ({ title, align: 'right' as const }))],
    features.map(({ feature, nullShare, unit, figures }) => [
      feature,
      formatShare(nullShare),
      formatShare(figures.zeroShare),
      ...figuresOf(figures, unit),
    ]),
  )
  const [, ...drawn] = textTable(
    [{ title: '' }, { title: '', align: 'right' }, { title: '' }, { title: '' }, { title: '' }, { title: '' }],
    features.map(drawingOf),
  )
  const legend =
    'Bars: customers by value, and again by value as transformed. They span the values between which all others are clamped; the outermost bars hold those beyond.'
  return [
    titles,
    ...lines.flatMap((line, index) => [line, drawn[index]!, ...remarksOf(features[index]!)]),
    ...(features.some(({ figures }) => figures.histogram) ? ['', ...wrapText(legend, SCREEN_COLUMNS)] : []),
  ]
}

function drawingOf({ type, unit, transform, figures }: NumberDistribution): readonly string[] {
  const { histogram, transformed } = figures
  const kind = `  ${type === unit || type === 'boolean' ? type : `${type}, ${unit}`}`
  const howTransformed = transform === 'none' ? '' : transform
  if (!histogram) return [kind, '', '', '', howTransformed]
  const write = figureWriter(figures, unit)
  // Bars of whole numbers begin and end half-way between two of them.
  const isWhole = WHOLE.includes(type)
  const [first, last] = [histogram.edges[0]!, histogram.edges.at(-1)!]
  return [
    kind,
    write(isWhole ? Math.ceil(first) : first),
    `│${histogramBars(histogram.customers)}│`,
    write(isWhole ? Math.floor(last) : last),
    howTransformed,
    transformed ? `│${histogramBars(transformed.customers)}│` : '',
  ]
}

function remarksOf({ figures, unit, weight, imputed, notes }: NumberDistribution): readonly string[] {
  const remarks = [
    ...(weight === 1 ? [] : [`weight ${weight}`]),
    ...(imputed === null ? [] : [`a null counts as ${figureWriter(figures, unit)(imputed)}`]),
    ...notes,
  ]
  return remarks.length === 0 ? [] : wrapText(remarks.join('; '), SCREEN_COLUMNS - 2).map((line) => `  ${line}`)
}

function figuresOf(figures: NumberFigures, unit: FeatureDistribution['unit']): readonly string[] {
  const { minimum, p10, median, p90, maximum, mean } = figures
  return [minimum, p10, median, p90, maximum, mean].map(figureWriter(figures, unit))
}

/** As many digits for all figures of a feature as its usual values need. */
function figureWriter(figures: NumberFigures, unit: FeatureDistribution['unit']): (value: number | null) => string {
  if (unit === 'share') return (value) => (value === null ? '–' : formatShare(value))
  const usual = Math.max(Math.abs(figures.p10 ?? 0), Math.abs(figures.p90 ?? 0), Math.abs(figures.mean ?? 0))
  const magnitude = usual > 0 ? Math.floor(Math.log10(usual)) : 0
  const digits = Math.min(Math.max(DIGITS - magnitude, 0), 2 * DIGITS)
  return (value) => {
    if (value === null) return '–'
    if (Number.isInteger(value) && Math.abs(value) < 1e15) return formatCount(value)
    return Math.abs(value) < 1e15 ? groupThousands(value.toFixed(digits)) : value.toExponential(DIGITS - 1)
  }
}

function levelBlock({ feature, transform, weight, nullShare, figures, notes }: LevelDistribution): readonly string[] {
  const isCategory = figures.kind === 'category'
  const shown = figures.levels.slice(0, MOST_LEVELS)
  const left = figures.levels.slice(MOST_LEVELS)
  const rest = (isCategory ? figures.otherShare : 0) + left.reduce((sum, { share }) => sum + share, 0)
  const others = isCategory ? Math.max(0, figures.distinct - shown.length) : left.length
  const rows = [
    ...shown.map(({ level, share }) => ({ level: plainText(level), share })),
    ...(others > 0 ? [{ level: `other (${formatCount(others)} more)`, share: rest }] : []),
    ...(isCategory && nullShare > 0 ? [{ level: 'null', share: nullShare }] : []),
  ]
  const facts = [
    isCategory ? `category of ${countOf(figures.distinct, 'value')}` : 'composition, mean shares',
    transform,
    ...(weight === 1 ? [] : [`weight ${weight}`]),
    ...(isCategory || nullShare === 0 ? [] : [`null for ${formatShare(nullShare)} of the customers`]),
    ...notes,
  ]
  const [, ...lines] = textTable(
    [{ title: '' }, { title: '', align: 'right' }, { title: '' }],
    rows.map(({ level, share }) => [`  ${level}`, formatShare(share), shareBar(share, BAR_CHARACTERS)]),
  )
  return [...wrapText(`${feature}: ${facts.join('; ')}`, SCREEN_COLUMNS), ...lines]
}

/** Texts of sources must not move the cursor. */
function plainText(text: string): string {
  const plain = text.replace(/\p{C}/gu, '�')
  return plain.length > LEVEL_CHARACTERS ? `${plain.slice(0, LEVEL_CHARACTERS - 1)}…` : plain
}
