import type { WorkflowClient } from '@temporalio/client'
import { expect, it } from 'vitest'
import { readRunTimes } from '../../bench/run-times.ts'
import type { RunStatus } from '../../src/run/run-status.ts'

const at = (ms: number): object => ({ eventTime: { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 } })

/** A run of 3 s: one stage, then two shards that overlap. */
const events = [
  { eventId: 1, ...at(10_000) },
  { eventId: 5, ...at(10_100), activityTaskScheduledEventAttributes: { activityType: { name: 'extractSources' } } },
  { eventId: 6, ...at(10_200), activityTaskStartedEventAttributes: { scheduledEventId: 5 } },
  { eventId: 7, ...at(11_200), activityTaskCompletedEventAttributes: { scheduledEventId: 5 } },
  { eventId: 8, ...at(11_300), activityTaskScheduledEventAttributes: { activityType: { name: 'cleanseShard' } } },
  { eventId: 9, ...at(11_300), activityTaskScheduledEventAttributes: { activityType: { name: 'cleanseShard' } } },
  { eventId: 10, ...at(11_400), activityTaskStartedEventAttributes: { scheduledEventId: 8 } },
  { eventId: 11, ...at(11_600), activityTaskStartedEventAttributes: { scheduledEventId: 9 } },
  { eventId: 12, ...at(12_000), activityTaskCompletedEventAttributes: { scheduledEventId: 8 } },
  { eventId: 13, ...at(12_400), activityTaskCompletedEventAttributes: { scheduledEventId: 9 } },
  { eventId: 14, ...at(13_000) },
]

it("counts as Temporal's the time in which no activity ran, overlapping shards once", async () => {
  const client = { getHandle: () => ({ fetchHistory: () => Promise.resolve({ events }) }) }
  const times = await readRunTimes(client as unknown as WorkflowClient, {} as RunStatus)
  // By hand: 1,000 ms and 600 + 800 ms of work; 11,400 to 12,400 is covered once, so 3,000 - 1,000 - 1,000 are left.
  expect(times).toEqual({
    totalMs: 3_000,
    activityMs: { extractSources: 1_000, cleanseShard: 1_400 },
    shardsMs: 1_000,
    temporalMs: 1_000,
    events: 11,
  })
})
