import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ActivationDestination, Delivery, Effect } from '../../../src/ports/activation.ts'

/** A destination of the kind under test, on a real server. */
export interface DestinationScene {
  readonly destination: ActivationDestination
  /** Who is in which segment, as the other side knows. */
  members(): Promise<ReadonlyMap<string, string>>
  /** Until it is called again, the other side breaks off in the middle of what it gets. */
  breakOff(isBroken: boolean): Promise<void>
  /** From now on the other side does not know us. */
  refuse(): Promise<void>
  close(): Promise<void>
}

const segments = [
  { segmentKey: 'shop-1', name: 'Champions, "the best"' },
  { segmentKey: 'shop-2', name: "L'été" },
]

/** What every destination keeps to, whatever it is: a new one is added by running this over it. */
export function describeDestination(kind: string, open: () => Promise<DestinationScene>): void {
  describe(`a ${kind} destination`, () => {
    let scene: DestinationScene
    let scratchPath: string
    let syncs = 0
    beforeEach(async () => {
      scene = await open()
      scratchPath = await mkdtemp(join(tmpdir(), 'resegment-destination-'))
    })
    afterEach(async () => {
      await scene.destination.close()
      await scene.close()
      await rm(scratchPath, { recursive: true, force: true })
    })

    /** Tells `after` to a destination that knows `before`: `a shop-1, b shop-2`. */
    const deliveryOf = (before: string, after: string, isFull = false): Delivery => {
      const [from, to] = [membersOf(before), membersOf(after)]
      const told = isFull || scene.destination.tells === 'members' ? everybody(to) : changes(from, to)
      return {
        ...{ key: `key-${++syncs}`, pipeline: 'shop', destination: 'crm', runKey: 'shop@2026-10-01', revision: syncs },
        ...{ asOf: '2026-10-01T00:00:00.000Z', number: 1, count: 1, isFull, segments },
        effects: () => told,
      }
    }
    const deliver = (delivery: Delivery, signal = new AbortController().signal): Promise<void> =>
      scene.destination.deliver(delivery, { signal, scratchPath })

    it('knows afterwards who is in which segment', async () => {
      await deliver(deliveryOf('', 'a shop-1, b shop-1, c shop-2', true))
      expect(await scene.members()).toEqual(membersOf('a shop-1, b shop-1, c shop-2'))
      await deliver(deliveryOf('a shop-1, b shop-1, c shop-2', 'a shop-2, b shop-1, d shop-1'))
      expect(await scene.members()).toEqual(membersOf('a shop-2, b shop-1, d shop-1'))
    })

    it('is as if it had come once when the same delivery comes twice', async () => {
      await deliver(deliveryOf('', 'a shop-1, b shop-2', true))
      const delivery = deliveryOf('a shop-1, b shop-2', 'a shop-2')
      await deliver(delivery)
      await deliver(delivery)
      expect(await scene.members()).toEqual(membersOf('a shop-2'))
    })

    it('takes ids as they are, whatever is in them', async () => {
      const odd = new Map(
        ['"; drop table members; --', 'a,b\n"c"', 'ümläut 🛒', '=1+1', "o'brien"].map((id) => [id, 'shop-1']),
      )
      const told = everybody(odd)
      await deliver({ ...deliveryOf('', 'a shop-1', true), effects: () => told })
      expect(await scene.members()).toEqual(odd)
    })

    it('has the members before or after, nothing in between, when it breaks off; the next attempt completes it', async () => {
      await deliver(deliveryOf('', 'a shop-1, b shop-1', true))
      const delivery = deliveryOf('a shop-1, b shop-1', 'a shop-2, c shop-2')
      await scene.breakOff(true)
      await expect(deliver(delivery)).rejects.toMatchObject({ retry: 'try-again' })
      await scene.breakOff(false)
      expect([membersOf('a shop-1, b shop-1'), membersOf('a shop-2, c shop-2')]).toContainEqual(await scene.members())
      await deliver(delivery)
      expect(await scene.members()).toEqual(membersOf('a shop-2, c shop-2'))
    })

    it('gives up with a remedy where it is refused, and says no secret', async () => {
      await scene.refuse()
      const refused = deliver(deliveryOf('', 'a shop-1', true))
      await expect(refused).rejects.toMatchObject({
        retry: 'give-up',
        remedy: expect.stringMatching(/\w+ \w+/) as string,
      })
      await expect(refused).rejects.not.toThrow(/s3cret/)
    })

    it('stops when it is told to, and nothing of it is seen', async () => {
      await deliver(deliveryOf('', 'a shop-1', true))
      const stopped = AbortSignal.abort()
      await expect(deliver(deliveryOf('a shop-1', 'b shop-2'), stopped)).rejects.toThrow(/abort/i)
      expect(await scene.members()).toEqual(membersOf('a shop-1'))
    })
  })
}

export function membersOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split(', ')
      .filter(Boolean)
      .map((pair) => pair.split(' ') as [string, string]),
  )
}

function everybody(members: ReadonlyMap<string, string>): readonly Effect[] {
  return [...members]
    .map(([customerId, toSegmentKey]) => effect('member', customerId, null, toSegmentKey))
    .sort((a, b) => (a.toSegmentKey! < b.toSegmentKey! ? -1 : 1))
}

function changes(from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): readonly Effect[] {
  const customers = [...new Set([...from.keys(), ...to.keys()])]
  return customers.flatMap((customerId): Effect[] => {
    const [before = null, after = null] = [from.get(customerId), to.get(customerId)]
    if (before === after) return []
    const event = before === null ? 'entered' : after === null ? 'left' : 'moved'
    return [effect(event, customerId, before, after)]
  })
}

function effect(
  event: Effect['event'],
  customerId: string,
  fromSegmentKey: string | null,
  toSegmentKey: string | null,
): Effect {
  return { id: `${event} ${customerId}`, event, customerId, fromSegmentKey, toSegmentKey }
}
