import type { ProcessingRecord } from '../plan/processing-record.ts'
import { wrapText } from './wrap-text.ts'

const LABEL_CHARACTERS = 14
const MISSING = 'not said: add `privacy: { purpose, legalBasis }` to resegment.yaml'

/** One pipeline's record, a paragraph. */
export function privacyRecord(record: ProcessingRecord): readonly string[] {
  const lines: readonly (readonly [string, string])[] = [
    ['Purpose', record.purpose ?? MISSING],
    ['Legal basis', record.legalBasis ?? MISSING],
    ['Responsible', [record.owner, record.contact].filter((text) => text !== '').join('; ') || 'nobody is named'],
    ...record.reads.map(
      ({ role, source, columns }) => [`Reads`, `${role} (${source}): ${columns.join(', ')}`] as const,
    ),
    ...record.sensitive.map(
      ({ feature, column, reason }) =>
        ['Sensitive', `${column}, in feature ${feature}: ${reason ?? 'no reason is given'}`] as const,
    ),
    ['Kept out by', record.keptOutBy.join(', ') || 'no list: neither exclusions nor consent is read'],
    ...record.recipients.map(
      ({ target, schema, files }) =>
        ['Goes to', `${target}: views of schema ${schema}${files === null ? '' : `, files under ${files}`}`] as const,
    ),
    [
      'Rights',
      'objection: `resegment suppress ID`, at once and for every later run; erasure: `resegment forget ID`, within a month, with evidence in view erasures',
    ],
    [
      'Profiling',
      'every customer is put into a segment; view customer_reasons says why, customer_scores what was measured',
    ],
  ]
  return [
    `${record.pipeline}${record.description === '' ? '' : `: ${record.description}`}`,
    ...lines.flatMap(([label, text]) => entry(label, text)),
  ]
}

function entry(label: string, text: string): readonly string[] {
  const [first = '', ...others] = wrapText(text, 100 - LABEL_CHARACTERS)
  return [
    `  ${label.padEnd(LABEL_CHARACTERS)}${first}`,
    ...others.map((line) => `  ${' '.repeat(LABEL_CHARACTERS)}${line}`),
  ]
}
