import type { ModelCandidate, Validation } from '../../stages/validate/validation.ts'
import { formatCount, formatInstant, formatShare } from '../../run/figures.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'
import { targetOption } from '../../run/target-option.ts'
import { lineageTexts, notableLineage } from '../../run/lineage.ts'
import type { ComparedRun } from '../comparison/compared-run.ts'
import { agreementSection, driftSection, gateSection } from '../comparison/figure-sections.ts'
import { moveSections, nameOf } from '../comparison/move-sections.ts'
import type { Table } from '../comparison/page.ts'
import type { Chapter, Part } from './document.ts'
import type { Report } from './report.ts'
import type { Sketch } from './sketch.ts'
import { featureText, listText } from './value-text.ts'

const right = (title: string) => ({ title, align: 'right' as const })
const SHOWN_RULES = 20

/** Who went where, and what the figures rest on. */
export function evidenceChapters(
  report: Report,
  validation: Validation,
  sketch: Sketch,
): { readonly moves: readonly Chapter[]; readonly evidence: readonly Chapter[] } {
  const compared: ComparedRun = {
    ...{ runId: report.runId, period: report.period, asOf: report.asOf, against: report.against },
    keepsSegments: false,
    findings: validation,
    namesBefore: sketch.namesBefore,
    choices: [],
  }
  return {
    moves: moveChapter(report, compared),
    evidence: [
      gateChapter(report, compared),
      ...choiceChapter(validation),
      ...qualityChapter(validation),
      methodChapter(validation, sketch),
    ],
  }
}

function moveChapter(report: Report, compared: ComparedRun): readonly Chapter[] {
  if (report.against === null || report.flows.length === 0) return []
  const { flows, segments } = report
  const { panel, moved, customers } = compared.findings
  // Of a few movers not even the share.
  const isTold = moved !== null && panel > 0 && (moved === 0 || moved >= SMALLEST_CELL)
  const lost = compared.findings.transitions
    .filter(({ toSegmentKey }) => toSegmentKey === null)
    .reduce((sum, one) => sum + one.customers, 0)
  const shown = flows.reduce((sum, flow) => sum + flow.customers, 0) / (customers + lost)
  const lineage = lineageTexts(notableLineage(compared.findings.lineage), (key) => nameOf(compared, key))
  return [
    {
      id: 'moves',
      title: 'Moves',
      parts: [
        {
          figure: {
            title: isTold
              ? `${formatShare(1 - moved / panel)} of the customers in both stayed where they were since ${report.against.runId}`
              : `Almost everybody stayed where they were since ${report.against.runId}`,
            note: `Before on the left, now on the right; a band is as wide as the customers who went that way, and pale where they stayed. Drawn are the ways that give no way of fewer than five customers away, ${formatShare(shown)} of the customers.`,
            chart: {
              kind: 'flows',
              flows,
              segmentKeys: segments.map(({ segmentKey }) => segmentKey),
              sizes: segments.map(({ segmentKey, name, customers, customersBefore }) => ({
                ...{ segmentKey, name, from: customersBefore, to: customers },
              })),
            },
            table: {
              caption: 'Customers by where they were and where they are',
              columns: [{ title: 'Before' }, { title: 'Now' }, right('Customers')],
              rows: flows.map(({ from, to, customers }) => [
                { text: from ?? 'not there' },
                { text: to ?? 'gone' },
                { text: formatCount(customers) },
              ]),
            },
          },
        },
        ...(lineage.length === 0 ? [] : [{ title: 'What became of segments', list: lineage }]),
      ],
      sections: moveSections(compared),
    },
  ]
}

function gateChapter({ decision }: Report, compared: ComparedRun): Chapter {
  const lead = decision
    ? `${decision.by} decided: ${decision.decision.replaceAll('_', ' ')}. “${decision.reason}”`
    : 'Every run is compared with what is live before anything is published; each gate says what it saw.'
  return {
    id: 'gates',
    title: 'Gates and decision',
    lead,
    parts: [],
    sections: [gateSection(compared), ...agreementSection(compared), ...driftSection(compared)],
  }
}

function choiceChapter({ modelSelection, evidence, ruleFidelity }: Validation): readonly Chapter[] {
  const chosen = modelSelection.find((candidate) => candidate.chosen)
  const facts = [
    ...(evidence?.predictionStrength == null
      ? []
      : [{ label: 'Prediction strength', value: evidence.predictionStrength.toFixed(2), note: '1 is best' }]),
    ...(ruleFidelity === null
      ? []
      : [
          {
            label: 'Named by rules',
            value: formatShare(ruleFidelity),
            note: 'customers whom the rules in words put where they are',
          },
        ]),
  ]
  if (modelSelection.length === 0 && facts.length === 0) return []
  const lead = chosen
    ? `${formatCount(chosen.clusterCount)} segments.${chosen.reason ? ` ${chosen.reason}` : ''}`
    : undefined
  const parts: readonly Part[] = [
    ...(facts.length > 0 ? [{ facts }] : []),
    ...(modelSelection.length > 0 ? [{ table: choiceTable(modelSelection) }] : []),
  ]
  return [{ id: 'choice', title: 'How many segments, and why', ...(lead !== undefined && { lead }), parts }]
}

function choiceTable(candidates: readonly ModelCandidate[]): Table {
  const number = (value: number | null | undefined, digits = 3): string => (value == null ? '–' : value.toFixed(digits))
  const share = (value: number | null | undefined): string => (value == null ? '–' : formatShare(value))
  const all = [
    ['Silhouette', (one: ModelCandidate) => number(one.silhouette)],
    ['Caliński–Harabasz', (one: ModelCandidate) => number(one.calinskiHarabasz, 0)],
    ['Davies–Bouldin', (one: ModelCandidate) => number(one.daviesBouldin)],
    ['BIC', (one: ModelCandidate) => number(one.bic, 0)],
    ['Prediction strength', (one: ModelCandidate) => number(one.predictionStrength)],
    ['Least stable', (one: ModelCandidate) => share(one.minimumJaccard)],
    ['Smallest', (one: ModelCandidate) => share(one.smallestShare)],
  ] as const
  const shown = all.filter(([, text]) => candidates.some((one) => text(one) !== '–'))
  return {
    caption: 'What was tried, and what was measured of it; the chosen one is marked',
    columns: [{ title: 'Segments' }, ...shown.map(([title]) => right(title)), { title: 'Remark' }],
    rows: candidates.map((one) => [
      { text: `${formatCount(one.clusterCount)}${one.chosen ? ' ✓ chosen' : ''}`, note: one.method },
      ...shown.map(([, text]) => ({ text: text(one) })),
      { text: one.reason ?? '' },
    ]),
  }
}

function qualityChapter({ dataQuality, cleanRows }: Validation): readonly Chapter[] {
  const rules = dataQuality
    .filter(({ rule, matched }) => rule !== null && (matched ?? 0) > 0)
    .sort((a, b) => b.matched! - a.matched!)
  const rejected = rules.reduce((sum, row) => sum + (row.rejected ?? 0), 0)
  return [
    {
      id: 'quality',
      title: 'Data quality',
      lead: `${formatCount(cleanRows)} clean rows went in; ${formatCount(rejected)} were rejected.${rules.length === 0 ? ' No cleansing rule matched anything.' : ''}`,
      parts:
        rules.length === 0
          ? []
          : [
              {
                table: {
                  caption:
                    'Rules of cleansing that matched rows, the most first; a row that several match is rejected by the first of them',
                  columns: [
                    { title: 'Rule' },
                    { title: 'Source' },
                    ...['Matched', 'Share', 'Rejected', 'Fixed'].map(right),
                  ],
                  rows: rules
                    .slice(0, SHOWN_RULES)
                    .map((row) => [
                      { text: row.rule! },
                      { text: row.source },
                      { text: formatCount(row.matched!) },
                      { text: row.share === null ? '–' : formatShare(row.share) },
                      { text: formatCount(row.rejected ?? 0) },
                      { text: formatCount(row.fixed ?? 0) },
                    ]),
                },
              },
            ],
    },
  ]
}

function methodChapter({ customers }: Validation, sketch: Sketch): Chapter {
  const run = sketch.runId + targetOption(sketch.targetName)
  const { method, seed, fittedCustomers, sources, definitionHash, codeVersion, asOf, kind, owner } = sketch
  return {
    id: 'method',
    title: 'Method, and how to repeat it',
    parts: [
      {
        facts: [
          { label: 'Method', value: method, note: kind },
          { label: 'As of', value: formatInstant(asOf) },
          ...(seed === null ? [] : [{ label: 'Seed', value: String(seed) }]),
          { label: 'Fitted on', value: formatCount(fittedCustomers), note: `of ${formatCount(customers)} customers` },
          ...(owner === '' ? [] : [{ label: 'Owner', value: owner }]),
          { label: 'Definition', value: definitionHash.slice(0, 12) },
          { label: 'Version', value: codeVersion },
        ],
      },
      {
        paragraphs: [
          `Read from ${listText(Object.entries(sources).map(([name, role]) => `${name} (${role})`))}; customers are grouped by ${listText(sketch.features.map(({ name }) => featureText(name)))}.`,
          'Figures of fewer than five customers are not shown. Nothing here is of the time at which the page was made: the same run gives the same page.',
        ],
      },
    ],
    sections: [
      {
        title: 'Commands',
        commands: [
          { command: `resegment verify ${run}`, text: 'computes everything again and compares it bit by bit.' },
          { command: `resegment describe ${run}`, text: 'tells the story of the run, who did what to it.' },
          { command: `resegment compare ${run}`, text: 'shows the whole comparison with what was live.' },
        ],
      },
    ],
  }
}
