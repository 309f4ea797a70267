import { formatCount, formatShare } from '../../run/figures.ts'
import type { Cell } from '../comparison/page.ts'
import type { Chapter, Part } from './document.ts'
import {
  LEAST_MERGED,
  LEAST_SILHOUETTE,
  LEAST_SPLIT,
  MERGED_BELOW,
  NO_VALLEY,
  SPLIT_LEVEL,
} from './propose-refinements.ts'
import type { Report, ReportedProposal } from './report.ts'
import { featureText } from './value-text.ts'

/** Smaller values are told as smaller: the dip test knows no more. */
const SMALLEST_P = 0.001

/** Whether the customers call for other segments. Nothing changes by it: it is for people to decide. */
export function proposalChapters(report: Report): readonly Chapter[] {
  const { segments, borders, proposals } = report.refinements
  if (segments === 0 && borders === 0) return []
  const looked = `${formatCount(segments)} ${segments === 1 ? 'segment was' : 'segments were'} looked into for two groups, ${formatCount(borders)} ${borders === 1 ? 'pair' : 'pairs'} of neighbours for a valley between them.`
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
        caption: `Split: from ${LEAST_SPLIT} customers, more than one peak along the principal component (dip test, p at most ${SPLIT_LEVEL} over all segments together) and a silhouette of its halves of at least ${LEAST_SILHOUETTE}. Merge: from ${LEAST_MERGED} customers each, no valley on the line through both means (dip test, p above ${NO_VALLEY}) and means less than ${MERGED_BELOW} of their deviations apart.`,
        columns: [{ title: 'Proposal' }, { title: 'What speaks for it' }, { title: 'Change of the pipeline' }],
        rows: proposals.map((proposal): readonly Cell[] => [
          { text: titleOf(proposal, report), note: `${formatCount(proposal.customers)} customers looked at` },
          { text: evidenceOf(proposal), note: toldApart(proposal) },
          { text: proposal.change ?? 'none', note: proposal.remark },
        ]),
      },
    },
  ]
}

function titleOf(proposal: ReportedProposal, { segments }: Report): string {
  const nameOf = (key: string): string => `“${segments.find(({ segmentKey }) => segmentKey === key)?.name ?? key}”`
  return proposal.kind === 'split'
    ? `Split ${nameOf(proposal.segmentKey)}`
    : `Merge ${proposal.segmentKeys.map(nameOf).join(' and ')}`
}

function evidenceOf(proposal: ReportedProposal): string {
  const { dip, p } = proposal
  const test = `dip ${dip.toFixed(3)}, p ${p < SMALLEST_P ? `below ${SMALLEST_P}` : p.toFixed(3)}`
  return proposal.kind === 'split'
    ? `Two groups, ${formatShare(proposal.smaller)} in the smaller: ${test}; silhouette ${proposal.silhouette.toFixed(2)}`
    : `No valley between them: ${test}; means ${proposal.distance.toFixed(2)} deviations apart`
}

function toldApart(proposal: ReportedProposal): string {
  const border = proposal.kind === 'split' && proposal.border !== null ? `, the border at about ${proposal.border}` : ''
  return `differ most in ${featureText(proposal.feature)}: ${formatShare(proposal.explained)} of its variance lies between them${border}`
}
