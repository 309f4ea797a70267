import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentOfRun, type OngoingRun } from '../e2e/disturbed-run.ts'
import { killAtRandom, SHARDS, splitShop, WORKERS } from '../e2e/dying-workers.ts'
import { openOwnTemporal, type OwnTemporal } from '../e2e/own-temporal.ts'
import { openShop } from '../e2e/shop.ts'
import { drawsOf, nightSeed } from './seed.ts'

const KILLS = 20
/** RESEGMENT_SOAK_MINUTES: how long faults go on. A day is 1440. */
const SOAK_MS = Number(process.env['RESEGMENT_SOAK_MINUTES'] ?? 10) * 60_000
const LONGEST_CUT_MS = 15_000
const STEPS = ['extract', 'cleanse-0', 'features-0', 'cluster-fit', 'validate', 'publish']
/** Runs that several workers share, and milliseconds between the deaths of two of them. */
const [SHARED_RUNS, DEATH_EVERY_MS] = [3, 4_000]
/** So many that a run goes on while a few workers die. */
const SHARED_CUSTOMERS = 2_000
/** Runs of one worker whose memory is looked at, and how many of them warm it up. */
const [RUNS_OF_ONE_WORKER, WARM_AFTER] = [30, 10]
const MEGABYTE = 1024 ** 2

describe('a run', () => {
  const seed = nightSeed()
  let undisturbed: unknown
  let runMs: number
  let temporal: OwnTemporal

  beforeAll(async () => {
    temporal = await openOwnTemporal()
    const begin = performance.now()
    undisturbed = await contentOfRun('nightcalm', { temporal })
    runMs = performance.now() - begin
  })
  afterAll(() => temporal.close())

  it(`whose worker is killed at ${KILLS} random moments ends as an undisturbed one`, async () => {
    for (let n = 0; n < KILLS; n++) {
      const draw = drawsOf(seed + n)
      const content = await contentOfRun(`nightkill${n}`, {
        temporal,
        async disturb(run) {
          await sleep(draw() * runMs)
          await run.replaceWorker('SIGKILL')
        },
      })
      expect(content, `RESEGMENT_SEED=${seed}, kill ${n}`).toEqual(undisturbed)
    }
  })

  it('that cannot reach Temporal for a minute while it publishes is published once, and ends as an undisturbed one', async () => {
    for (const step of ['cluster-fit', 'publish']) {
      const content = await contentOfRun(`nightcut${step.length}`, {
        temporal,
        async disturb(run) {
          await run.begun(step)
          await temporal.cut(60_000)
        },
      })
      expect(content, step).toEqual(undisturbed)
    }
  })

  it('with faults at random, again and again, ends as an undisturbed one', async () => {
    const end = performance.now() + SOAK_MS
    for (let n = 0; performance.now() < end; n++) {
      const draw = drawsOf(seed + 1_000 + n)
      const told: string[] = []
      const content = await contentOfRun(`nightsoak${n}`, {
        temporal,
        disturb: (run) => disturbAtRandom(run, draw, told),
      })
      console.log(`round ${n}: ${told.join(', ')}`)
      expect(content, `RESEGMENT_SEED=${seed}, round ${n}: ${told.join(', ')}`).toEqual(undisturbed)
    }
  })

  async function disturbAtRandom(run: OngoingRun, draw: () => number, told: string[]): Promise<void> {
    const faults: Readonly<Record<string, () => Promise<void>>> = {
      'worker killed': () => run.replaceWorker('SIGKILL'),
      'worker ended': () => run.replaceWorker('SIGTERM'),
      'Temporal restarted': () => temporal.restart(draw() * 3_000),
      'Temporal out of reach': () => temporal.cut(draw() * LONGEST_CUT_MS),
      'warehouse cut off': () => run.cutWarehouse(),
    }
    const names = Object.keys(faults)
    for (let left = 1 + Math.floor(draw() * 4); left > 0 && !run.isOver(); left--) {
      const step = STEPS[Math.floor(draw() * STEPS.length)]!
      const name = names[Math.floor(draw() * names.length)]!
      told.push(`${name} at ${step}`)
      await run.begun(step)
      await sleep(draw() * 1_000)
      await faults[name]!()
    }
  }
})

it(`a run of ${SHARDS} shards, of whose ${WORKERS} workers one dies every few seconds, ends as a run of one worker alone`, async () => {
  const seed = nightSeed()
  const shop = splitShop({ customers: SHARED_CUSTOMERS })
  const alone = await contentOfRun('nightalone', { shop })
  for (let n = 0; n < SHARED_RUNS; n++) {
    let killed = 0
    const content = await contentOfRun(`nightshared${n}`, {
      shop,
      workers: WORKERS,
      async disturb(run) {
        const draw = drawsOf(seed + 2_000 + n)
        killed = await killAtRandom(run, { draw, everyMs: DEATH_EVERY_MS, most: Infinity })
      },
    })
    console.log(`run ${n}: ${killed} workers killed`)
    expect(killed).toBeGreaterThan(0)
    expect(content, `RESEGMENT_SEED=${seed}, run ${n}, ${killed} killed`).toEqual(alone)
  }
})

it('a worker needs no more memory for its last run than for its first ones', async () => {
  const project = await openShop('nightsteady')
  try {
    const worker = await project.startWorkerProcess()
    const resident: number[] = []
    for (let n = 1; n <= RUNS_OF_ONE_WORKER; n++) {
      await project.run(['shop', '--as-of', '2026-10-01', '--revision', `${n}`])
      resident.push(await residentBytes(worker.pid))
    }
    console.log({ residentMb: resident.map((bytes) => Math.round(bytes / MEGABYTE)) })
    const warm = resident.slice(0, WARM_AFTER)
    const late = resident.slice(-WARM_AFTER)
    expect(median(late)).toBeLessThan(1.2 * Math.max(...warm) + 64 * MEGABYTE)
  } finally {
    await project.close()
  }
})

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
