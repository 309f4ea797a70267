import { formatCount, formatShare } from '../../run/figures.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'
import type { Cell } from '../comparison/page.ts'
import type { Chapter, Part } from './document.ts'
import { BORDER_LEVEL } from './refinements/borders.ts'
import { EMERGING_LEVEL, LEAST_GROUP_SHARE } from './refinements/emerging.ts'
import { LEAST_SIDE, LEAST_SIDE_SHARE } from './refinements/groups.ts'
import { LEAST_MERGED } from './refinements/measured-pair.ts'
import { MERGED_BELOW, NO_VALLEY } from './refinements/merges.ts'
import { LEAST_PEOPLE } from './refinements/said-by-people.ts'
import { LEAST_SILHOUETTE, LEAST_SPLIT, SPLIT_LEVEL } from './refinements/splits.ts'
import type { EmergingProposal } from './refinements/proposal.ts'
import type { Report, ReportedProposal } from './report.ts'
import { capital, featureText } from './value-text.ts'

/** Smaller values are told as smaller: the dip test knows no more. */
const SMALLEST_P = 0.001

/** Whether the customers call for other segments. Nothing changes by it: it is for people to decide. */
export function proposalChapters(report: Report): readonly Chapter[] {
  const { segments, borders, proposals } = report.refinements
  if (segments === 0 && borders === 0 && proposals.length === 0) return []
  const looked = `${formatCount(segments)} ${segments === 1 ? 'segment was' : 'segments were'} looked into for two groups, ${formatCount(borders)} ${borders === 1 ? 'pair' : 'pairs'} of neighbours for a valley between them, and all of them for a group apart.`
  const lead =
    proposals.length === 0
      ? `Nothing in the data calls for other segments. ${looked}`
      : `${proposals.length === 1 ? 'One proposal' : `${formatCount(proposals.length)} proposals, each for itself`}. Nothing changes unless somebody changes the pipeline; resegment run ${report.pipeline} --dry-run shows what would come of it. ${looked}`
  return [
    {
      id: 'proposals',
      title: 'Would other segments suit the customers better',
      lead,
      parts: proposals.length === 0 ? [] : tableParts(report),
    },
  ]
}

function tableParts(report: Report): readonly Part[] {
  const { proposals } = report.refinements
  return [
    {
      table: {
        caption: [...new Set(proposals.map(({ kind }) => conditions[kind]))].join(' '),
        columns: [{ title: 'Proposal' }, { title: 'What speaks for it' }, { title: 'Change of the pipeline' }],
        rows: proposals.map((proposal): readonly Cell[] => [
          { text: titleOf(proposal, report), ...('customers' in proposal && { note: customersText(proposal) }) },
          { text: evidenceOf(proposal), note: notesOf(proposal) },
          { text: proposal.change ?? 'none', note: proposal.remark },
        ]),
      },
    },
  ]
}

/** When a change is proposed. */
const conditions: Readonly<Record<ReportedProposal['kind'], string>> = {
  split: `Split: from ${LEAST_SPLIT} customers, more than one peak along the principal component (dip test, p at most ${SPLIT_LEVEL} over all segments together) and a silhouette of its halves of at least ${LEAST_SILHOUETTE}.`,
  merge: `Merge: from ${LEAST_MERGED} customers each, no valley on the line through both means (dip test, p above ${NO_VALLEY}) and means less than ${MERGED_BELOW} of their deviations apart.`,
  border: `Border: a valley on that line (dip test, p at most ${BORDER_LEVEL} over all borders together), one peak on either side of it, and at least ${LEAST_SIDE_SHARE * 100} % of the customers of both beyond it.`,
  emerging: `Group apart: at least ${LEAST_SIDE} customers and ${LEAST_GROUP_SHARE * 100} % of all, further from the mean of their segment than Tukey's fence, near one another, and a valley before them (dip test, p at most ${EMERGING_LEVEL}).`,
  doubted: `On people's word: at least ${LEAST_PEOPLE} call the segment wrong, more than call it useful.`,
  misplaced: `On people's word: at least ${SMALLEST_CELL} customers of one segment belong in another.`,
}

function titleOf(proposal: ReportedProposal, { segments }: Report): string {
  const nameOf = (key: string): string => `“${segments.find(({ segmentKey }) => segmentKey === key)?.name ?? key}”`
  switch (proposal.kind) {
    case 'split':
      return `Split ${nameOf(proposal.segmentKey)}`
    case 'merge':
      return `Merge ${proposal.segmentKeys.map(nameOf).join(' and ')}`
    case 'border':
      return `Sharpen the border between ${proposal.segmentKeys.map(nameOf).join(' and ')}`
    case 'emerging':
      return `${isGrowing(proposal) ? 'A new group emerges' : 'A group stands apart'} in ${nameOf(proposal.segmentKey)}`
    case 'doubted':
      return `Form ${nameOf(proposal.segmentKey)} otherwise`
    case 'misplaced':
      return `Place customers of ${nameOf(proposal.segmentKeys[0])} in ${nameOf(proposal.segmentKeys[1])}`
  }
}

/** More of them are new than of all customers, and not by chance alone: twice as many. */
function isGrowing({ newcomers }: EmergingProposal): boolean {
  return newcomers !== null && newcomers.share >= 2 * newcomers.ofAll && newcomers.share > 0
}

function customersText(proposal: Extract<ReportedProposal, { readonly customers: number }>): string {
  return proposal.kind === 'emerging'
    ? `${formatCount(proposal.customers)} customers, ${formatShare(proposal.share)} of those looked at`
    : `${formatCount(proposal.customers)} customers looked at`
}

function evidenceOf(proposal: ReportedProposal): string {
  if (proposal.kind === 'doubted' || proposal.kind === 'misplaced') return capital(proposal.said.join('; '))
  const { dip, p } = proposal
  const test = `dip ${dip.toFixed(3)}, p ${p < SMALLEST_P ? `below ${SMALLEST_P}` : p.toFixed(3)}`
  switch (proposal.kind) {
    case 'split':
      return `Two groups, ${formatShare(proposal.smaller)} in the smaller: ${test}; silhouette ${proposal.silhouette.toFixed(2)}`
    case 'merge':
      return `No valley between them: ${test}; means ${proposal.distance.toFixed(2)} deviations apart`
    case 'border':
      return `${formatShare(proposal.beyond)} of them lie beyond the valley between both, with the customers of the other segment: ${test}`
    case 'emerging':
      return `${proposal.distance.toFixed(1)} times as far from the middle of their segment as its customers usually are, and near one another: ${test}${newcomersText(proposal)}`
  }
}

function newcomersText({ newcomers }: EmergingProposal): string {
  if (newcomers === null) return ''
  return `; ${formatShare(newcomers.share)} of them were not there at the last publication, of all customers ${formatShare(newcomers.ofAll)}`
}

/** What tells both apart, who went to and fro, and what people say. */
function notesOf(proposal: ReportedProposal): string {
  if (proposal.kind === 'doubted' || proposal.kind === 'misplaced')
    return 'Figures speak neither for it nor against it.'
  const { feature, explained, crossed, said } = proposal
  const border = 'border' in proposal && proposal.border !== null ? `, the border at about ${proposal.border}` : ''
  return [
    `differ most in ${featureText(feature)}: ${formatShare(explained)} of its variance lies between them${border}`,
    ...(crossed === null
      ? []
      : [`${formatCount(crossed)} customers went to and fro over it since the last publication`]),
    ...said,
  ].join('; ')
}
