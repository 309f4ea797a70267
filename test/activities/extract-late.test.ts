import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench, linesOf, type ExtractCase } from './extract-bench.ts'

let bench: ExtractBench
let files = 0
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

const file = (...lines: readonly string[]) => bench.file(`as-of-${files++}.csv`, lines)

describe('a source that is not complete', () => {
  const schedule = { refit: 'quarter', waitForLateData: '2h' } as const
  const late = (...lines: readonly string[]): ExtractCase => ({
    sources: {
      lines: {
        from: file('customer,at,order,quantity,price', ...lines),
        ...linesOf,
        complete: { column: 'at', through: 'lastDay' },
      },
    },
    schedule,
  })
  const HOUR_MS = 3_600_000

  it('is waited for, as a retry that counts as no failure and says what is awaited', async () => {
    const failure = await bench.failure({ ...late('ann,2026-09-29 23:59:59,1,1,1'), waitedMs: HOUR_MS })
    expect(failure).toMatchObject({ type: 'SourceNotComplete', nonRetryable: false, category: 'BENIGN' })
    expect(failure.message).toContain(
      'Waiting for source lines to reach 2026-09-30T00:00:00.000Z (its newest value is 2026-09-29 23:59:59 UTC)',
    )
    expect(Number(failure.nextRetryDelay)).toBeGreaterThan(0)
  })

  it('fails when the time is over, or is read as it is', async () => {
    const given = { ...late('ann,2026-09-29,1,1,1'), waitedMs: 3 * HOUR_MS }
    expect(await bench.failure(given)).toMatchObject({ type: 'SourceLate', nonRetryable: true })
    const { ref } = await bench.run({ ...given, extract: { transactions: 'lines', whenLate: 'continue' } })
    expect((await bench.manifest(ref)).summary.sources).toMatchObject([{ late: true, rowsRead: 1 }])
  })

  it('is read at once when it has come so far', async () => {
    const { ref } = await bench.run(late('ann,2026-09-30 00:00:00,1,1,1'))
    expect((await bench.manifest(ref)).summary.sources).toMatchObject([{ late: false }])
  })

  it('is noticed without being asked for, when only the last day has no rows', async () => {
    const daily = (days: number) =>
      Array.from({ length: days }, (_, day) => `c,2026-09-${String(day + 1).padStart(2, '0')} 12:00:00,${day},1,1`)
    const missing = async (lines: readonly string[]) => {
      const { ref } = await bench.run({
        sources: { lines: { from: file('customer,at,order,quantity,price', ...lines), ...linesOf } },
      })
      return ((await bench.manifest(ref)).summary.sources as readonly Record<string, unknown>[])[0]!.lastDayMissing
    }
    expect(await missing(daily(29))).toBe(true)
    expect(await missing(daily(30))).toBe(false)
    // A shop that is closed on some days misses its last one for that.
    expect(await missing(daily(29).filter((_, day) => day % 7 !== 3))).toBe(false)
  })
})

describe('records that are no rows', () => {
  const short = (unreadable?: object): ExtractCase => ({
    sources: {
      lines: {
        from: file(
          'customer,at,order,quantity,price',
          ...Array.from({ length: 8 }, (_, row) => `c,2026-01-01,${row},1,1`),
          'jane@example.org,2026',
          'x',
        ),
        ...linesOf,
        ...(unreadable ? { unreadable } : {}),
      } as ExtractCase['sources'][string],
    },
  })

  it('end the run with their lines, but not with what they say', async () => {
    const failure = await bench.failure(short())
    expect(failure).toMatchObject({ type: 'SourceUnreadable', nonRetryable: true })
    expect(failure.message).toMatch(/Source lines has 2 records that are no rows \(.*line 10: .*; .*line 11: .*\)/)
    expect(failure.message).not.toContain('jane')
  })

  it('are kept apart where the source says so, up to a share, and change nothing else', async () => {
    const { ref, counts } = await bench.run(short({ do: 'quarantine', maxShare: 0.2 }))
    expect(counts).toMatchObject({ rowsIn: 10, rowsOut: 8, rejected: 2 })
    const apart = 'SELECT source_name, role, line, text FROM raw ORDER BY line'
    expect(await bench.query(ref, apart, 'unreadable')).toEqual([
      { source_name: 'lines', role: 'transactions', line: 10, text: 'jane@example.org,2026' },
      { source_name: 'lines', role: 'transactions', line: 11, text: 'x' },
    ])
    const clean = Array.from({ length: 8 }, (_, row) => `c,2026-01-01,${row},1,1`)
    const whole = await bench.run({
      sources: { lines: { from: file('customer,at,order,quantity,price', ...clean), ...linesOf } },
    })
    expect(whole.ref.contentDigest).toBe(ref.contentDigest)
    expect(await bench.failure(short({ do: 'quarantine', maxShare: 0.19 }))).toMatchObject({
      type: 'PoisonRowsOverLimit',
    })
  })
})
