import type { KeptFeedback } from '../../../run/feedback.ts'
import { SMALLEST_CELL } from '../../../run/moves.ts'
import { latestOf } from '../../feedback-lines.ts'
import type { Proposal } from './proposal.ts'

/** Fewer are one person's view. */
export const LEAST_PEOPLE = 2

/** More people call a segment wrong than useful, where the figures propose nothing. */
export interface DoubtedProposal {
  readonly kind: 'doubted'
  readonly segmentKey: string
  readonly wrong: number
  /** Who called it wrong or useful. */
  readonly people: number
}

/** People say of customers of one segment that they belong in another, where the figures propose nothing. */
export interface MisplacedProposal {
  readonly kind: 'misplaced'
  /** Where they are, and where they belong. */
  readonly segmentKeys: readonly [string, string]
  /** At least five. */
  readonly misplaced: number
}

/** Rests on people's word alone. */
export type JudgedProposal = DoubtedProposal | MisplacedProposal

/** A proposal with what people say for it. */
export type BackedProposal = (Proposal | JudgedProposal) & {
  /** Sentences; none: nobody said anything. */
  readonly said: readonly string[]
}

/**
 * Adds what people say to the proposals about the same segments; what is about none is a proposal of its own. The last word of each person
 * counts, and of each customer the last that was said.
 *
 * @param segmentKeys of the report: what was said of others is left out
 */
export function withFeedback(
  proposals: readonly Proposal[],
  feedback: readonly KeptFeedback[],
  segmentKeys: readonly string[],
): readonly BackedProposal[] {
  const known = new Set(segmentKeys)
  const doubts = doubted(feedback.filter(({ segmentKey }) => known.has(segmentKey)))
  const moves = misplaced(feedback).filter(({ segmentKeys: pair }) => pair.every((key) => known.has(key)))
  const backed = proposals.map((proposal) => ({
    ...proposal,
    said: [
      ...doubts.filter((doubt) => isAbout(proposal, [doubt.segmentKey])).map(saidOf),
      ...moves.filter((move) => isAbout(proposal, move.segmentKeys)).map(saidOf),
    ],
  }))
  const own = [...doubts, ...moves].filter((one) => {
    const about = one.kind === 'doubted' ? [one.segmentKey] : one.segmentKeys
    return !proposals.some((proposal) => isAbout(proposal, about))
  })
  return [...backed, ...own.map((one) => ({ ...one, said: [saidOf(one)] }))]
}

/** About a segment: its split, a group in it, or a pair that it is of. About a pair: that pair. */
function isAbout(proposal: Proposal, segmentKeys: readonly string[]): boolean {
  const own = 'segmentKeys' in proposal ? proposal.segmentKeys : [proposal.segmentKey]
  return segmentKeys.every((key) => own.includes(key))
}

function saidOf(one: JudgedProposal): string {
  return one.kind === 'doubted'
    ? `${one.wrong} of ${one.people} people say that the segment is wrong`
    : `people say of ${one.misplaced} customers of one that they belong in the other`
}

function doubted(feedback: readonly KeptFeedback[]): readonly DoubtedProposal[] {
  const judged = feedback.filter(({ judgement }) => judgement === 'wrong' || judgement === 'useful')
  return [...Map.groupBy(judged, ({ segmentKey }) => segmentKey)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([segmentKey, said]): DoubtedProposal[] => {
      const last = new Map(said.map(({ author, judgement }) => [author, judgement]))
      const wrong = [...last.values()].filter((judgement) => judgement === 'wrong').length
      const people = last.size
      return wrong >= LEAST_PEOPLE && wrong > people - wrong ? [{ kind: 'doubted', segmentKey, wrong, people }] : []
    })
}

function misplaced(feedback: readonly KeptFeedback[]): readonly MisplacedProposal[] {
  const placed = latestOf(feedback).flatMap(({ segmentKey, belongsIn }) =>
    belongsIn === null || belongsIn === segmentKey ? [] : [[segmentKey, belongsIn] as const],
  )
  return [...Map.groupBy(placed, (pair) => JSON.stringify(pair))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, same]) => same.length >= SMALLEST_CELL)
    .map(([, same]) => ({ kind: 'misplaced', segmentKeys: same[0]!, misplaced: same.length }))
}
