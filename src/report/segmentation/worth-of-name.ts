import { formatShare } from '../../run/figures.ts'
import type { SegmentKpi } from '../../run/segment-kpi.ts'
import type { Cell } from '../comparison/page.ts'
import type { Chapter } from './document.ts'
import {
  type CheckedSegment,
  criteria,
  type Criterion,
  type NameCheck,
  type Report,
  type ReportedSegment,
} from './report.ts'
import { featureText } from './value-text.ts'

const LEAST_KNOWN = 0.8
const LEAST_SHARE = 0.05
/** Cohen (1988): a large effect. */
const LARGE = 0.8
/** Hennig, Cluster-wise assessment of cluster stability (2007): from 0.75 on a cluster is stable. */
const LEAST_JACCARD = 0.75

/** What is known of a segment for the checks, besides what the report says of it. */
export interface CheckedFigures {
  /** Share of the values of its features that are known, 0 to 1. */
  readonly known: number
  readonly readsConsent: boolean
  readonly kpis: readonly SegmentKpi[]
}

/** Whether a segment deserves the name; what nothing says is not known, and never guessed. */
export function checkName(
  segment: Pick<ReportedSegment, 'segmentKey' | 'share' | 'traits' | 'stability'>,
  figures: CheckedFigures,
): CheckedSegment {
  const { segmentKey, share, traits, stability } = segment
  const strongest = traits.find(({ effect }) => effect !== null)
  const size = Math.abs(strongest?.effect ?? 0)
  const newest = figures.kpis[0]?.period.name
  const compared = figures.kpis.filter(
    (row) => row.segmentKey === segmentKey && row.period.name === newest && row.differenceLower !== null,
  )
  const different = compared.filter(
    ({ differenceLower, differenceUpper }) => differenceLower! > 0 || differenceUpper! < 0,
  )
  const check = (criterion: Criterion, met: boolean | null, text: string): NameCheck => ({ criterion, met, text })
  return {
    segmentKey,
    checks: [
      check('measurable', figures.known >= LEAST_KNOWN, `${formatShare(figures.known)} of values known`),
      check('substantial', share >= LEAST_SHARE, `${formatShare(share)} of customers`),
      strongest
        ? check('distinct', size >= LARGE, `${size.toFixed(1)} σ in ${featureText(strongest.feature)}`)
        : check('distinct', null, 'no effect sizes'),
      stability === null
        ? check('stable', null, 'not computed: cluster.evidence')
        : check('stable', stability >= LEAST_JACCARD, `${formatShare(stability)} comes back`),
      figures.readsConsent
        ? check('reachable', true, 'all have consented')
        : check('reachable', null, 'no role consent'),
      compared.length === 0
        ? check('actionable', null, 'no KPI to compare')
        : check('actionable', different.length > 0, `${different.length} of ${compared.length} KPIs differ`),
    ],
  }
}

/** `not distinct`, `neither distinct nor stable`, `neither distinct nor stable nor actionable` */
function noneText(missed: readonly Criterion[]): string {
  return missed.length === 1 ? `not ${missed[0]!}` : `neither ${missed.join(' nor ')}`
}

/** A row a segment, a column a criterion. */
export function nameChapters({ segments, nameChecks }: Report): readonly Chapter[] {
  if (nameChecks.length === 0) return []
  const failing = nameChecks.filter(({ checks }) => checks.some(({ met }) => met === false))
  const nameOf = (key: string): string => segments.find(({ segmentKey }) => segmentKey === key)?.name ?? key
  const lead =
    failing.length === 0
      ? 'No segment falls short of what is known.'
      : `${failing
          .map(
            ({ segmentKey, checks }) =>
              `“${nameOf(segmentKey)}” is ${noneText(checks.filter(({ met }) => met === false).map(({ criterion }) => criterion))}`,
          )
          .join('; ')}.`
  return [
    {
      id: 'names',
      title: 'Does each segment deserve the name',
      lead,
      parts: [
        {
          table: {
            caption: `Measurable: at least ${formatShare(LEAST_KNOWN)} of the values known. Substantial: at least ${formatShare(LEAST_SHARE)} of the customers. Distinct: a large effect (Cohen’s d from ${LARGE}). Stable: mean Jaccard over bootstrap samples from ${LEAST_JACCARD}. Reachable: customers without consent are left out. Actionable: at least one KPI differs from all others by more than chance.`,
            columns: [
              { title: 'Segment' },
              ...criteria.map((title) => ({ title: title.charAt(0).toUpperCase() + title.slice(1) })),
            ],
            rows: nameChecks.map(({ segmentKey, checks }): readonly Cell[] => [
              { text: nameOf(segmentKey) },
              ...checks.map(({ met, text }): Cell => ({
                text: met === null ? 'not known' : met ? 'yes' : 'no',
                note: text,
                ...(met !== null && { tone: met ? ('pass' as const) : ('warn' as const) }),
              })),
            ]),
          },
        },
      ],
    },
  ]
}
