import type { MetricMeter, MetricTags } from '@temporalio/common'
import { expect, it, vi } from 'vitest'
import type { PipelineStanding } from '../../src/ports/warehouse-reader.ts'
import { gaugeStandings } from '../../src/workers/standing-gauges.ts'

const shop: PipelineStanding = {
  pipeline: 'shop',
  status: 'held',
  since: '2026-10-01T00:00:00.000Z',
  asOf: '2026-07-01T00:00:00.000Z',
  publishedAt: '2026-07-02T00:00:00.000Z',
  staleAfter: null,
  verdict: 'warn',
  segments: [
    { segmentKey: 'shop-1', customers: 7 },
    { segmentKey: 'shop-2', customers: 0 },
  ],
}

/** Remembers the last value of each metric with its tags, as `name{tag=value}`. */
function meterOf(values: Map<string, number>): MetricMeter {
  const key = (name: string, tags: MetricTags = {}): string =>
    `${name}{${Object.entries(tags)
      .map(([tag, value]) => `${tag}=${value}`)
      .join()}}`
  return {
    createGauge: (name: string) => ({ set: (value: number, tags?: MetricTags) => values.set(key(name, tags), value) }),
    createCounter: (name: string) => ({
      add: (value: number) => values.set(name, (values.get(name) ?? 0) + value),
    }),
  } as unknown as MetricMeter
}

it('shows what consumers see, what the newest run does, and nothing that is not known', async () => {
  const values = new Map<string, number>()
  const options = { meter: meterOf(values), everyMs: 1, onFailure: vi.fn() }
  const stop = gaugeStandings({ ...options, read: () => Promise.resolve([shop]) })
  await vi.waitFor(() => expect(values.size).toBeGreaterThan(0))
  stop()
  const states = [...values].filter(([name]) => name.startsWith('resegment_newest_run_status'))
  expect(states.filter(([, value]) => value === 1)).toEqual([
    ['resegment_newest_run_status{pipeline=shop,status=held}', 1],
  ])
  expect([...values].filter(([name]) => !name.startsWith('resegment_newest_run_status')).sort()).toEqual([
    // Seconds since 1970, by Python's datetime.
    ['resegment_as_of_timestamp_seconds{pipeline=shop}', 1_782_864_000],
    ['resegment_newest_run_timestamp_seconds{pipeline=shop}', 1_790_812_800],
    ['resegment_published_timestamp_seconds{pipeline=shop}', 1_782_950_400],
    ['resegment_segment_customers{pipeline=shop,segment_key=shop-1}', 7],
    ['resegment_segment_customers{pipeline=shop,segment_key=shop-2}', 0],
    ['resegment_verdict{pipeline=shop}', 2],
  ])
})

it('keeps what it knew while the warehouse cannot be asked, counts that, and goes on asking', async () => {
  const values = new Map<string, number>()
  const onFailure = vi.fn()
  const answers = [
    () => Promise.resolve([shop]),
    () => Promise.reject(new Error('down')),
    () => Promise.resolve([{ ...shop, status: 'published' as const }]),
  ]
  const read = (): Promise<PipelineStanding[]> => (answers.shift() ?? (() => Promise.resolve([])))()
  const stop = gaugeStandings({ meter: meterOf(values), everyMs: 1, onFailure, read })
  await vi.waitFor(() => expect(values.get('resegment_newest_run_status{pipeline=shop,status=published}')).toBe(1))
  stop()
  expect(values.get('resegment_newest_run_status{pipeline=shop,status=held}')).toBe(0)
  expect(values.get('resegment_standing_read_failures')).toBe(1)
  expect(onFailure).toHaveBeenCalledExactlyOnceWith(new Error('down'))
})
