import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect } from 'vitest'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { formatRunId } from '../../../src/run/run-key.ts'
import { makeCandidate, type Members } from './candidate.ts'
import type { FreshSchema } from './fresh-schema.ts'

export interface InARow {
  readonly publications: number
  readonly customers: number
  readonly readers: number
  readonly seed: number
  /** Nobody else is at work here: a read that takes a second was kept from it. */
  readonly isQuiet: boolean
}

export interface Measured {
  /** What readers found that may not be. */
  readonly wrong: readonly string[]
  readonly reads: number
  readonly longestReadMs: number
  readonly publishMs: readonly number[]
  /** After VACUUM, and after VACUUM FULL: bytes by table that is written over. */
  readonly sizes: readonly { readonly name: string; readonly bytes: number; readonly leastBytes: number }[]
  readonly partitions: number
}

const SEGMENTS = 4
/** Of those that are there: leave, move, change their holdout, a thousand. */
const [LEAVE, MOVE, HOLD] = [20, 100, 20]
const EVERY_REVISION = 10
const EVERY_ROLLBACK = 25
const EVERY_VACUUM = 20
/** A reader that waits for longer was blocked. */
const LONGEST_WAIT = '1s'
/** Ends what hangs. */
const LONGEST_READ = '5min'
const MONTH = 12
/** Readers that never pause would hold the pages of so small tables for ever, and VACUUM would wait for them. */
const THINKING_MS = 10

/** Publishes again and again, sometimes a second revision, sometimes a rollback, while readers look at everything that must hold. */
export async function publishInARow(target: FreshSchema, settings: InARow): Promise<Measured> {
  /** Customers by run id, of all that was ever to be seen. */
  const known = new Map<string, number>()
  const reading = { isOver: false, reads: 0, longestMs: 0, wrong: [] as string[] }
  let readers: Promise<void>[] = []
  const publishMs: number[] = []
  // Before the first publication there is no view of the pipeline.
  const onFirst = (): void => {
    readers = Array.from({ length: settings.readers }, (_, number) =>
      read(target, number, known, reading, settings.isQuiet),
    )
  }
  try {
    await publishAll(target, settings, known, publishMs, onFirst)
  } finally {
    reading.isOver = true
    await Promise.all(readers)
  }
  const partitions = (await target.scorePartitions()).length
  return {
    ...{ wrong: reading.wrong, reads: reading.reads, longestReadMs: reading.longestMs },
    ...{ publishMs, partitions, sizes: await measureSizes(target) },
  }
}

async function publishAll(
  target: FreshSchema,
  { publications, customers, seed }: InARow,
  known: Map<string, number>,
  publishMs: number[],
  onFirst: () => void,
): Promise<void> {
  const random = xoroshiro128plus(seed)
  const below = (limit: number): number => uniformInt(random, 0, limit - 1)
  const segment = (): string => `shop-${1 + below(SEGMENTS)}`
  let live: { publicationId: number; runId: string; members: Members } | undefined
  let [next, revision, month] = [0, 1, 0]
  const former = new Set<string>()
  for (let number = 0; number < publications; number++) {
    const members = new Map<string, string>()
    for (const [customer, text] of live?.members ?? []) {
      const chance = below(1_000)
      if (chance < LEAVE) former.add(customer)
      else if (chance < LEAVE + MOVE) members.set(customer, segment())
      else
        members.set(
          customer,
          chance < LEAVE + MOVE + HOLD ? `${text.replace('!', '')}${text.endsWith('!') ? '' : '!'}` : text,
        )
    }
    while (members.size < customers + below(customers / 10)) members.set(`customer ${next++}`, segment())
    const isRevision = number % EVERY_REVISION === EVERY_REVISION - 1
    if (!isRevision) month++
    revision = isRevision ? revision + 1 : 1
    const asOf = new Date(Date.UTC(2000 + Math.floor(month / MONTH), month % MONTH, 1)).toISOString()
    const candidate = await makeCandidate(target, { asOf, revision, members, former, ...(live && { before: live }) })
    const { plan } = candidate
    known.set(formatRunId(plan), members.size)
    const begin = performance.now()
    const { publicationId } = await target.warehouse.publish(target.session, candidate, () => undefined)
    publishMs.push(performance.now() - begin)
    if (number === 0) onFirst()
    const earlier: typeof live = live
    live = { publicationId, runId: formatRunId(plan), members }
    if (number % EVERY_ROLLBACK === EVERY_ROLLBACK - 1 && earlier) {
      const { from, run } = await target.warehouse.findReturnPoint('shop', undefined)
      await target.warehouse.rollBack('shop', { from, to: run, by: 'crm', reason: 'wrong' })
      const [back] = await target.query<{ id: string }>('select publication_id as id from pipeline')
      if (Number(back!.id) !== earlier.publicationId) throw new Error('The rollback led elsewhere.')
      live = earlier
    }
    if (number % EVERY_VACUUM === EVERY_VACUUM - 1) await target.query('vacuum')
  }
}

type Reading = { isOver: boolean; reads: number; longestMs: number; wrong: string[] }

async function read(
  { connectionString, schema }: FreshSchema,
  number: number,
  known: ReadonlyMap<string, number>,
  reading: Reading,
  isQuiet: boolean,
): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(`set search_path to ${schema}; set lock_timeout to '${LONGEST_WAIT}'`)
  await client.query(`set statement_timeout to '${isQuiet ? LONGEST_WAIT : LONGEST_READ}'`)
  const ask = async (text: string): Promise<Record<string, string | null>> => {
    const begin = performance.now()
    const { rows } = await client.query<Record<string, string | null>>(text)
    reading.reads++
    reading.longestMs = Math.max(reading.longestMs, performance.now() - begin)
    return rows[0]!
  }
  const expectCount = ({ run, customers }: Record<string, string | null>, what: string): void => {
    if (run !== null && Number(customers) !== known.get(run!))
      reading.wrong.push(`${what}: ${run} with ${customers} customers`)
  }
  const expectNone = (row: Record<string, string | null>, what: string): void => {
    if (Object.values(row).some((value) => value !== null && Number(value) !== 0))
      reading.wrong.push(`${what}: ${JSON.stringify(row)}`)
  }
  for (let turn = number; !reading.isOver; turn++) {
    try {
      const look = LOOKS[turn % LOOKS.length]!
      if (look.kind === 'count') expectCount(await ask(look.text), look.text)
      if (look.kind === 'none') expectNone(await ask(look.text), look.text)
      if (look.kind === 'twice') {
        await client.query('begin isolation level repeatable read')
        const first = await ask(look.text)
        expectCount(first, look.text)
        await sleep(20)
        for (const again of [look.text, ...(look.again ?? [])]) {
          const second = await ask(again)
          if (JSON.stringify(second) !== JSON.stringify(first))
            reading.wrong.push(`${again}: ${JSON.stringify(second)} after ${JSON.stringify(first)}`)
        }
        await client.query('commit')
      }
      await sleep(THINKING_MS)
    } catch (error) {
      reading.wrong.push(String(error))
      await client.query('rollback')
    }
  }
  await client.end()
}

/** The run, and how many customers it has; two runs would make two of it, which is none that is known. */
const COUNT = (view: string): string => `select string_agg(distinct run_key, ' and ') || '~' ||
    (select revision from runs where is_live and pipeline = 'shop') as run, count(*) as customers
  from ${view} where pipeline = 'shop'`

interface Look {
  /** How many there are; what may not be; or the same several times, of one snapshot. */
  readonly kind: 'count' | 'none' | 'twice'
  readonly text: string
  readonly again?: readonly string[]
}

const LOOKS: readonly Look[] = [
  { kind: 'count', text: COUNT('customer_segments') },
  { kind: 'twice', text: COUNT('customer_segments'), again: [COUNT('customer_reasons')] },
  // What is current is the history now.
  {
    kind: 'none',
    text: `select count(*) as differing from (select customer_id, segment_key from customer_segments where pipeline = 'shop') c
      full join (select customer_id, segment_key from customer_segment_history where pipeline = 'shop' and valid_to is null) h
      using (customer_id, segment_key) where c is null or h is null`,
  },
  {
    kind: 'none',
    text: `select round((sum(share) - 1)::numeric, 9) as share, sum(customers) - (select count(*) from customer_segments where pipeline = 'shop') as customers
      from segments where pipeline = 'shop' and status <> 'retired'`,
  },
  // What came to the live run sums to those who are there.
  {
    kind: 'none',
    text: `select sum(customers) filter (where to_segment_key is not null) - (select count(*) from customer_segments where pipeline = 'shop') as customers
      from segment_transitions t join runs r using (run_key, revision) where r.is_live and r.pipeline = 'shop'`,
  },
  {
    kind: 'none',
    text: `select count(*) as of_others from shop_customers
      where run_key <> (select run_key from runs where is_live and pipeline = 'shop')`,
  },
]

/** Tables that a publication writes over; the others are what it adds for good. */
const WRITTEN_OVER = [
  'membership_open',
  'membership_closed',
  'membership_replaced',
  'segment',
  'pipeline',
  'publication',
  'run',
]

async function measureSizes(target: FreshSchema): Promise<Measured['sizes']> {
  const sizesOf = async (): Promise<readonly number[]> => {
    const texts = WRITTEN_OVER.map((name) => `pg_total_relation_size('${name}')`)
    const [row] = await target.query<Record<string, string>>(
      `select ${texts.map((text, index) => `${text} as s${index}`).join(', ')}`,
    )
    return WRITTEN_OVER.map((_, index) => Number(row![`s${index}`]))
  }
  await target.query('vacuum')
  const bytes = await sizesOf()
  for (const name of WRITTEN_OVER) await target.query(`vacuum full ${name}`)
  const least = await sizesOf()
  return WRITTEN_OVER.map((name, index) => ({ name, bytes: bytes[index]!, leastBytes: least[index]! }))
}

/** Of the live publication, and of the seven before it; of a rollback, the one it left. */
const MOST_PARTITIONS = 9
/** VACUUM gives back what is free at the end only; what is free in between is written again. */
const MOST_AIR = 3
const FEW_PAGES = 16 * 8_192

export function expectSteady({ wrong, partitions, sizes }: Measured): void {
  expect(wrong).toEqual([])
  expect(partitions).toBeLessThanOrEqual(MOST_PARTITIONS)
  expect(sizes.filter(({ bytes, leastBytes }) => bytes > MOST_AIR * leastBytes + FEW_PAGES)).toEqual([])
}
