import { createHash } from 'node:crypto'
import type { ArmShare } from './arm-shares.ts'

export interface AssignedCustomer {
  readonly customerId: string
  readonly segmentKey: string
  /** As it was when the experiment was drawn. */
  readonly segmentName: string
  readonly arm: string
}

export interface Assignment {
  /** Ordered by segment, then by what was drawn. */
  readonly members: readonly AssignedCustomer[]
  /** Customers whom nothing is tried on: they are the holdout. */
  readonly heldOut: number
  /** Customers of other segments than were asked for. */
  readonly outside: number
}

/**
 * Draws the arms of an experiment by segment: customers are ordered by a hash of the salt and their id, and cut by the shares, so that every
 * segment has its arms to the customer. The same salt and customers give the same arms.
 *
 * @param segments names or keys of those that take part. Absent: all
 */
export function assignCustomers(
  customers: readonly (Omit<AssignedCustomer, 'arm'> & { readonly isHoldout: boolean })[],
  {
    arms,
    salt,
    segments,
  }: { readonly arms: readonly ArmShare[]; readonly salt: string; readonly segments?: readonly string[] | undefined },
): Assignment {
  const bySegment = new Map<string, (Omit<AssignedCustomer, 'arm'> & { readonly hash: string })[]>()
  let [heldOut, outside] = [0, 0]
  for (const { customerId, segmentKey, segmentName, isHoldout } of customers) {
    if (segments && !segments.includes(segmentKey) && !segments.includes(segmentName)) outside++
    else if (isHoldout) heldOut++
    else {
      // The length keeps salt and id apart, whatever is in them.
      const hash = createHash('sha256').update(`${salt.length}:${salt}${customerId}`).digest('hex')
      const members = bySegment.get(segmentKey) ?? []
      members.push({ customerId, segmentKey, segmentName, hash })
      bySegment.set(segmentKey, members)
    }
  }
  const members = [...bySegment.keys()].sort().flatMap((key) => {
    const drawn = bySegment
      .get(key)!
      .sort((a, b) => compareTexts(a.hash, b.hash) || compareTexts(a.customerId, b.customerId))
    // Which arm gets the odd customer is drawn too: the first would have one more in every small segment.
    const turn =
      parseInt(createHash('sha256').update(`${salt.length}:${salt}${key}`).digest('hex').slice(0, 12), 16) / 2 ** 48
    return drawn.map(({ hash: _, ...member }, rank): AssignedCustomer => {
      return { ...member, arm: armAt((rank + turn) / drawn.length, arms) }
    })
  })
  return { members, heldOut, outside }
}

/** @param position 0 to 1 */
function armAt(position: number, arms: readonly ArmShare[]): string {
  let upTo = 0
  for (const { name, share } of arms) if (position < (upTo += share)) return name
  return arms.at(-1)!.name
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
