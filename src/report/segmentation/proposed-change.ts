import type { Proposal } from './propose-refinements.ts'
import type { ReportedProposal } from './report.ts'
import { featureText } from './value-text.ts'

/** Methods that look for groups and are told how many: `cluster.count`. */
const COUNTED: readonly string[] = ['kmeans', 'mixed', 'mixture']
const FEWEST = 2
const MOST = 50

interface ChangedPipeline {
  readonly method: string
  /** Segments that there are. */
  readonly segmentCount: number
  readonly nameOf: (segmentKey: string) => string
}

/** A proposal with what to write into the pipeline's file, as far as the method has a setting for it. */
export function withChange(proposal: Proposal, pipeline: ChangedPipeline): ReportedProposal {
  return { ...proposal, ...changeFor(proposal, pipeline) }
}

function changeFor(
  proposal: Proposal,
  { method, segmentCount, nameOf }: ChangedPipeline,
): Pick<ReportedProposal, 'change' | 'remark'> {
  const isSplit = proposal.kind === 'split'
  if (COUNTED.includes(method)) {
    const count = segmentCount + (isSplit ? 1 : -1)
    if (count < FEWEST || count > MOST)
      return { change: null, remark: `cluster.count goes from ${FEWEST} to ${MOST}: there is nothing to set.` }
    return {
      change: `cluster: { count: ${count} }`,
      remark: `All of it is fitted again: a count cannot ${isSplit ? 'split one segment' : 'merge two segments'} and leave the others as they are. Others may change with it.`,
    }
  }
  const names = (isSplit ? [proposal.segmentKey] : proposal.segmentKeys).map((key) => `“${nameOf(key)}”`)
  if (method === 'rules' && isSplit)
    return {
      change: 'cluster.rules: one more rule',
      remark: `Before the rule of ${names[0]!}: its condition, and ${borderText(proposal.feature, proposal.border)}.`,
    }
  if (isSplit) return { change: null, remark: `${method} has no setting that splits one segment by other features.` }
  const pair = names.join(' and ')
  if (method === 'rules')
    return { change: 'cluster.rules: one rule fewer', remark: `The conditions of ${pair}, joined by or, in one rule.` }
  if (method === 'tiers')
    return {
      change: 'cluster.by: one bound fewer',
      remark: `Without the bound between ${pair}, if they are neighbours.`,
    }
  if (method === 'rfm')
    return { change: 'cluster.groups: one group fewer', remark: `The cells of ${pair} in one group.` }
  return { change: null, remark: `${method} has no setting that merges two segments.` }
}

function borderText(feature: string, border: number | null): string {
  return border === null
    ? `a condition on ${featureText(feature)}`
    : `${featureText(feature)} above or below about ${border}`
}
