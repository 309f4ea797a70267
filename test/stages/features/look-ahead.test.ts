import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { roles } from '../../../src/run/data-roles.ts'
import type { DataRole } from '../../../src/run/data-roles.ts'
import { dataRoles } from '../../../src/run/data-roles.ts'
import { entries } from '../../../src/stages/features/catalogue.ts'
import { openSession } from '../engine-session.ts'
import { featuresOf } from './feature-rows.ts'
import { neededSettings } from './needed-settings.ts'

let session: ComputeSession
let close: () => Promise<void>
const berlin = { asOf: '2026-03-31T22:00:00Z', timezone: 'Europe/Berlin' }
const asOfMinutes = 90 * 24 * 60 - 120
const sqlTypes = {
  text: 'varchar',
  timestamp: 'timestamp',
  date: 'date',
  decimal: 'decimal(18, 4)',
  integer: 'bigint',
  boolean: 'boolean',
} as const

const columnsOf = (role: DataRole): readonly (readonly [string, string])[] => [
  ...Object.entries(roles[role].columns).map(([name, type]) => [name, sqlTypes[type]] as const),
  ...(role === 'transactions' ? [['is_return', 'boolean'] as const] : []),
]

beforeAll(async () => {
  ;({ session, close } = await openSession())
  for (const role of dataRoles)
    await session.execute(
      `create table ${role} (bucket integer, ${columnsOf(role)
        .map((column) => column.join(' '))
        .join(', ')})`,
    )
})
afterAll(async () => close())

/** A row is a seed and minutes since 1 January 2026; every value is a function of the two. */
interface Row {
  readonly role: DataRole
  readonly seed: number
  readonly minutes: number
}

function values({ role, seed, minutes }: Row): string {
  const pick = <T>(from: readonly T[], salt: number): T =>
    from[(Math.imul(seed + salt, 2_654_435_761) >>> 8) % from.length]!
  const cells = columnsOf(role).map(([name, type], index) => {
    if (name === 'customer_id') return `'${pick(['ann', 'bob', 'eve'], 1)}'`
    if (name === 'occurred_at') return `timestamp '2026-01-01' + to_minutes(${minutes})`
    if (name === 'resolved_at') return `timestamp '2026-01-01' + to_minutes(${minutes + (seed % 9_000)})`
    if (name === 'amount') return String(pick(['1.5', '20', '0.3333', '700'], index))
    if (name === 'is_return') return 'false'
    if (name === 'question') return `'${pick(['a', 'b', 'goal'], index)}'`
    if (name === 'answer') return `'${pick(['1', '2', '5', 'x', 'y'], index)}'`
    if (name === 'birth_date' || name === 'founded_on') return `date '${pick(['1960-02-29', '1999-12-31'], index)}'`
    if (type === 'timestamp') return `timestamp '2025-11-01' + to_days(${seed % 40})`
    if (type === 'boolean') return pick(['true', 'false', 'null'], index)
    if (type === 'varchar') return `'${pick(['p', 'q', 'r'], index)}'`
    return pick(['0.5', '2', '13', 'null'], index)
  })
  return `(1, ${cells.join(', ')})`
}

async function fill(rows: readonly Row[]): Promise<void> {
  for (const role of dataRoles) {
    await session.execute(`delete from ${role}`)
    const own = rows.filter((row) => row.role === role)
    if (own.length > 0) await session.execute(`insert into ${role} values ${own.map(values).join(', ')}`)
  }
}

const config = entries.flatMap((entry) => {
  const needed = neededSettings(entry)
  return entry.window === 'any'
    ? [{ [entry.name]: [needed, { ...needed, window: '30 days' }] }]
    : [{ [entry.name]: needed }]
})

async function features(population: 'transactions' | 'customers'): Promise<readonly unknown[]> {
  const { query, sums } = await featuresOf(session, config, { ...berlin, population })
  const rows = await session.rows(`select * from (${query}) order by customer_id`)
  return sums === null ? rows : [...rows, ...(await session.rows(sums))]
}

const withInstants = dataRoles.filter((role) => role !== 'customers')
const row = (minutes: fc.Arbitrary<number>, of: readonly DataRole[]): fc.Arbitrary<Row> =>
  fc.record({ role: fc.constantFrom(...of), seed: fc.nat(100_000), minutes })
const before = fc.array(row(fc.nat(asOfMinutes - 1), dataRoles), { minLength: 10, maxLength: 40 })
const after = fc.array(row(fc.integer({ min: asOfMinutes, max: asOfMinutes + 90_000 }), withInstants), {
  maxLength: 20,
})

it('gives every feature to the last bit, whatever happens at or after the as-of', async () => {
  await fc.assert(
    fc.asyncProperty(before, after, fc.constantFrom('transactions', 'customers'), async (known, future, population) => {
      await fill(known)
      const alone = await features(population)
      await fill([...future, ...known])
      expect(await features(population)).toEqual(alone)
    }),
    {
      numRuns: 5,
      seed: 5,
      examples: [[[], [{ role: 'transactions', seed: 3, minutes: asOfMinutes }], 'transactions']],
    },
  )
}, 180_000)

it('gives every feature to the last bit for any order of rows', async () => {
  const shuffled = before.chain((rows) =>
    fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length })),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, async ([rows, permuted]) => {
      await fill(rows)
      const first = await features('customers')
      await fill(permuted)
      expect(await features('customers')).toEqual(first)
    }),
    { numRuns: 3, seed: 6 },
  )
}, 180_000)
