import { z } from 'zod'

const cronConfig = z
  .strictObject({
    cron: z
      .string()
      .describe(
        'Minute, hour, day of month, month, day of week, as in `0 6 2 1,7 *`. Not a day of month and a day of week at once.',
      ),
  })
  .describe('Starts of your own: each looks from its own instant, whatever `at` says.')

export const scheduleConfig = z
  .strictObject({
    refit: z
      .union([z.enum(['week', 'month', 'quarter']), cronConfig])
      .describe('Which period a run closes. Weeks begin on Monday.'),
    score: z
      .union([z.enum(['day', 'week', 'month']), cronConfig])
      .optional()
      .describe(
        'How often customers are placed with the live model between refits. Not where a refit starts. Default: never.',
      ),
    firstMonth: z
      .int()
      .min(1)
      .max(12)
      .default(1)
      .describe(
        'Month in which your year begins, 1 to 12: quarters are counted from it. Any but 1 makes them fiscal, named after the year in which the fiscal year ends: `FY27-Q1`.',
      ),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('06:00')
      .describe(
        'Wall-clock time of the start on the first day after the period, of refits and score runs. Where clocks skip it, the run starts right after.',
      ),
    timezone: z.string().default('UTC').describe('IANA zone of the schedule, of periods and of run keys.'),
    jitter: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,2})m$/)
      .default('0m')
      .describe('Starts are put off by a random time up to this, so that not all pipelines read at once: `20m`.'),
    catchUp: z
      .string()
      .regex(/^[1-9]\d*[dhm]$/)
      .default('30d')
      .describe('How late a missed run may still start.'),
    waitForLateData: z
      .string()
      .regex(/^(?:[1-9]\d{0,2}m|(?:1?\d|2[0-2])h)$/)
      .default('6h')
      .describe('How long a run waits for sources that are not `complete` yet: `90m`, `12h`; at most 22h.'),
    deadline: z
      .string()
      .regex(/^[1-9]\d*[dhm]$/)
      .default('24h')
      .describe(
        'How long after its start a run must be published. Later it is an alarm, and what consumers see is stale.',
      ),
    paused: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('Why the schedule is deployed paused, as a note for people. Default: it is not.'),
  })
  .describe('When the pipeline runs by itself, after `resegment deploy`.')

export type Schedule = z.infer<typeof scheduleConfig>

/** `every quarter`, `at "0 6 2 1,7 *"`: for people. */
export function rhythmWords(period: Schedule['refit'] | NonNullable<Schedule['score']>): string {
  return typeof period === 'string' ? `every ${period}` : `at "${period.cron}"`
}

/** @param span `90m`, `12h`, `30d` */
export function minutesOf(span: string): number {
  const minutes = { d: 24 * 60, h: 60, m: 1 }
  return Number(span.slice(0, -1)) * minutes[span.slice(-1) as keyof typeof minutes]
}
