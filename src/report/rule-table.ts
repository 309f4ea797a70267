import type { RuleEvidence } from '../stages/cluster/rules/rule-evidence.ts'
import { formatCount } from '../run/figures.ts'
import { textTable } from './text-table.ts'

const MOST_OVERLAPS = 8
const findings = { neverTrue: 'true of nobody', dead: 'rules before it take everybody' } as const

/** What rules did to customers: whom each is true of and takes, which say nothing, where they overlap, whom they leave. */
export function ruleTable({ rules, overlaps, gap }: RuleEvidence): readonly string[] {
  const table = textTable(
    [
      { title: 'Rule' },
      { title: 'True of', align: 'right' },
      { title: 'First of', align: 'right' },
      { title: 'Undecided', align: 'right' },
      { title: 'Finding' },
    ],
    rules.map(({ key, matched, taken, undecided, finding }) => [
      key,
      formatCount(matched),
      formatCount(taken),
      formatCount(undecided),
      finding === null ? '' : findings[finding],
    ]),
  )
  const shown = overlaps.slice(0, MOST_OVERLAPS)
  const more = overlaps.length - shown.length
  return [
    ...table,
    `No rule is true of ${formatCount(gap)} customers.`,
    ...shown.map(
      ({ first, second, customers }) => `${first} and ${second} are both true of ${formatCount(customers)}.`,
    ),
    ...(more > 0 ? [`${more} more pairs overlap: --json has them all.`] : []),
  ]
}
