import { describe, expect, it } from 'vitest'
import { memoryBytes } from '../../src/config/memory-size.ts'
import { bytesOfSlots, slotsThatFit } from '../../src/workers/compute-slots.ts'

const GIB = 1024 ** 3

describe('slots for computing', () => {
  // By hand: half a GiB at rest, and two sessions' worth each.
  it.each([
    { memoryBytes: 3.6 * GIB, engineBytes: 1e9, cores: 2, slots: 1 },
    { memoryBytes: 16.5 * GIB, engineBytes: GIB, cores: 32, slots: 8 },
    { memoryBytes: 16.49 * GIB, engineBytes: GIB, cores: 32, slots: 7 },
    { memoryBytes: 64 * GIB, engineBytes: GIB, cores: 8, slots: 4 },
    { memoryBytes: GIB, engineBytes: 4 * GIB, cores: 1, slots: 1 },
  ])('are $slots in $memoryBytes bytes with $cores cores', ({ slots, ...room }) => {
    expect(slotsThatFit(room)).toBe(slots)
  })

  it('take the memory that they were counted by', () => {
    expect(bytesOfSlots(8, GIB)).toBe(16.5 * GIB)
  })
})

it.each([
  ['1GB', 1_000_000_000],
  ['512 MiB', 536_870_912],
  ['1.5gib', 1_610_612_736],
  ['0GB', undefined],
  ['80%', undefined],
  ['4', undefined],
])('%s is %s bytes', (text, bytes) => {
  expect(memoryBytes(text)).toBe(bytes)
})
