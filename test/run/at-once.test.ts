import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atOnce } from '../../src/run/at-once.ts'

describe('several at once', () => {
  it('are never more than asked for, and give their results in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 }),
        async (most, delays) => {
          let busy = 0
          let busiest = 0
          const results = await atOnce(most, delays, async (delay) => {
            busiest = Math.max(busiest, ++busy)
            for (let turn = 0; turn < delay; turn++) await Promise.resolve()
            busy--
            return delay * 2
          })
          expect(results).toEqual(delays.map((delay) => delay * 2))
          expect(busiest).toBe(Math.min(most, delays.length))
        },
      ),
    )
  })

  it('end with the first failure: nothing new is begun, and what goes on is waited for', async () => {
    const begun: number[] = []
    const ended: number[] = []
    const all = atOnce(2, [1, 2, 3, 4], async (item) => {
      begun.push(item)
      if (item === 1) throw new Error('no room')
      await pause(20)
      ended.push(item)
    })
    await expect(all).rejects.toThrow('no room')
    expect(begun).toEqual([1, 2])
    expect(ended).toEqual([2])
  })
})
