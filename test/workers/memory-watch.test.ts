import type { MetricMeter } from '@temporalio/common'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { makeMemoryWatch } from '../../src/workers/memory-watch.ts'

const LIMIT = 1000
const gauges = new Map<string, number>()
const meter = {
  createGauge: (name: string) => ({ set: (value: number) => gauges.set(name, value) }),
} as unknown as MetricMeter
const logger = { warn: vi.fn(), info: vi.fn(), error: vi.fn() }
const gate = { shut: vi.fn(), open: vi.fn() }
const onFull = vi.fn()
let computing: number
const makeWatch = () => makeMemoryWatch({ limitBytes: LIMIT, gate, computing: () => computing, onFull, meter, logger })

beforeEach(() => {
  vi.clearAllMocks()
  computing = 1
})

describe('a worker whose memory is over its limit', () => {
  it('lets finish what computes, begins nothing, and goes on once the memory is given back', () => {
    const watch = makeWatch()
    watch.look(LIMIT)
    expect(gate.shut).not.toHaveBeenCalled()
    watch.look(LIMIT + 1)
    watch.look(LIMIT + 1)
    expect(gate.shut).toHaveBeenCalledOnce()
    expect(logger.warn).toHaveBeenCalledOnce()
    expect(watch.problem()).toBe('Memory is over its limit.')
    expect(Object.fromEntries(gauges)).toEqual({
      resegment_process_memory_limit_bytes: LIMIT,
      resegment_compute_held: 1,
    })
    computing = 0
    watch.look(LIMIT)
    expect(gate.open).toHaveBeenCalledOnce()
    expect(onFull).not.toHaveBeenCalled()
    expect(watch.problem()).toBeUndefined()
    expect(gauges.get('resegment_compute_held')).toBe(0)
  })

  it('asks once to be replaced when nothing computes and the memory is not given back', () => {
    const watch = makeWatch()
    watch.look(LIMIT + 1)
    expect(onFull).not.toHaveBeenCalled()
    computing = 0
    watch.look(LIMIT + 1)
    // It is ending: what it gives back meanwhile changes nothing.
    watch.look(1)
    watch.look(LIMIT + 1)
    expect(onFull).toHaveBeenCalledOnce()
    expect(logger.error).toHaveBeenCalledOnce()
    expect(gate.open).not.toHaveBeenCalled()
    expect(watch.problem()).toBeDefined()
  })
})
