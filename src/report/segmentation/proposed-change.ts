import { measuresMargins } from '../../run/margins.ts'
import type {
  BorderProposal,
  EmergingProposal,
  MergeProposal,
  Proposal,
  SplitProposal,
} from './refinements/proposal.ts'
import type { DoubtedProposal, JudgedProposal } from './refinements/said-by-people.ts'
import { featureText } from './value-text.ts'

/** Methods that look for groups and are told how many: `cluster.count`. */
const COUNTED: readonly string[] = ['kmeans', 'mixed', 'mixture']
const FEWEST = 2
const MOST = 50

interface ChangedPipeline {
  readonly name: string
  readonly method: string
  /** Segments that there are. */
  readonly segmentCount: number
  readonly nameOf: (segmentKey: string) => string
}

/** What to write into the pipeline's file. */
export interface Change {
  /** What the pipeline's file would say; null: the method has no setting for it. */
  readonly change: string | null
  /** What the change does besides, or how it is made. */
  readonly remark: string
}

/** As far as the method has a setting for it. */
export function changeFor(proposal: Proposal | JudgedProposal, pipeline: ChangedPipeline): Change {
  switch (proposal.kind) {
    case 'split':
    case 'emerging':
      return oneMore(proposal, pipeline)
    case 'merge':
      return oneFewer(proposal, pipeline)
    case 'border':
      return anotherBorder(proposal, pipeline)
    case 'doubted':
      return formedOtherwise(proposal, pipeline)
    case 'misplaced':
      return {
        change: 'overrides: one for each of them',
        remark: `resegment feedback list ${pipeline.name} --ids writes them. Many from one segment to another say that the border is wrong, not the customers.`,
      }
  }
}

function oneMore(
  proposal: SplitProposal | EmergingProposal,
  { method, segmentCount, nameOf }: ChangedPipeline,
): Change {
  const name = `“${nameOf(proposal.segmentKey)}”`
  if (COUNTED.includes(method))
    return countOf(
      segmentCount + 1,
      proposal.kind === 'split'
        ? 'a count cannot split one segment and leave the others as they are. Others may change with it.'
        : 'whether the new group is the one that comes out depends on how large it is beside the others.',
    )
  const condition = borderText(proposal.feature, proposal.border)
  if (method === 'rules')
    return {
      change: 'cluster.rules: one more rule',
      remark:
        proposal.kind === 'split'
          ? `Before the rule of ${name}: its condition, and ${condition}.`
          : `Before the rule of ${name}: ${condition}.`,
    }
  return {
    change: null,
    remark:
      proposal.kind === 'split'
        ? `${method} has no setting that splits one segment by other features.`
        : `${method} has no setting that makes a segment of them.`,
  }
}

function oneFewer({ segmentKeys }: MergeProposal, { method, segmentCount, nameOf }: ChangedPipeline): Change {
  if (COUNTED.includes(method))
    return countOf(
      segmentCount - 1,
      'a count cannot merge two segments and leave the others as they are. Others may change with it.',
    )
  const pair = pairText(segmentKeys, nameOf)
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

function anotherBorder(
  { segmentKeys, feature, border }: BorderProposal,
  { method, segmentCount, nameOf }: ChangedPipeline,
): Change {
  const pair = pairText(segmentKeys, nameOf)
  if (method === 'rules')
    return {
      change: 'cluster.rules: another bound',
      remark: `In the conditions that part ${pair}: ${borderText(feature, border)}.`,
    }
  if (method === 'tiers' && border !== null)
    return {
      change: 'cluster.by: another bound',
      remark: `Between ${pair} at about ${border}, if ${featureText(feature)} is what the tiers are of.`,
    }
  if (measuresMargins({ method }))
    return {
      change: `cluster: { method: mixture, count: ${segmentCount} }`,
      remark: `${method} draws the border midway between the groups, a mixture by their size and spread too. All of it is fitted again. validate: { minimumChange: 0.1 } leaves the border, and keeps customers from going to and fro over it.`,
    }
  return { change: null, remark: `${method} has no setting that moves one border.` }
}

function formedOtherwise(
  { segmentKey }: DoubtedProposal,
  { method, segmentCount, nameOf, name }: ChangedPipeline,
): Change {
  const notes = `What is wrong stands in their notes: resegment feedback list ${name}.`
  if (method === 'rules')
    return { change: 'cluster.rules: another condition', remark: `In the rule of “${nameOf(segmentKey)}”. ${notes}` }
  if (!COUNTED.includes(method)) return { change: null, remark: notes }
  const { change } = countOf(segmentCount + 1, '')
  return { change, remark: `Or other features: nothing in the data says which. ${notes}` }
}

function countOf(count: number, why: string): Change {
  return count < FEWEST || count > MOST
    ? { change: null, remark: `cluster.count goes from ${FEWEST} to ${MOST}: there is nothing to set.` }
    : { change: `cluster: { count: ${count} }`, remark: `All of it is fitted again: ${why}` }
}

function pairText(segmentKeys: readonly string[], nameOf: ChangedPipeline['nameOf']): string {
  return segmentKeys.map((key) => `“${nameOf(key)}”`).join(' and ')
}

function borderText(feature: string, border: number | null): string {
  return border === null
    ? `a condition on ${featureText(feature)}`
    : `${featureText(feature)} above or below about ${border}`
}
