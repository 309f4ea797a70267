import type { ArmShare } from '../experiment/arm-shares.ts'
import type { Assignment } from '../experiment/assign-customers.ts'
import { formatCount } from '../run/figures.ts'
import { textTable } from './text-table.ts'

/** How many customers of each segment are in which arm. */
export function experimentAssignment(
  name: string,
  arms: readonly ArmShare[],
  { members, heldOut, outside }: Assignment,
): readonly string[] {
  const counts = new Map<string, Map<string, number>>()
  for (const { segmentName, arm } of members) {
    const ofSegment = counts.get(segmentName) ?? new Map<string, number>()
    ofSegment.set(arm, (ofSegment.get(arm) ?? 0) + 1)
    counts.set(segmentName, ofSegment)
  }
  return [
    `Drew ${formatCount(members.length)} customers for ${name}.`,
    ...textTable(
      [{ title: 'Segment' }, ...arms.map((arm) => ({ title: arm.name, align: 'right' as const }))],
      [...counts].map(([segment, ofSegment]) => [
        segment,
        ...arms.map((arm) => formatCount(ofSegment.get(arm.name) ?? 0)),
      ]),
    ),
    ...(heldOut > 0 ? [`${formatCount(heldOut)} are held out, and take no part.`] : []),
    ...(outside > 0 ? [`${formatCount(outside)} are in other segments.`] : []),
  ]
}
