import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDemoShop } from '../../src/demo/write-demo-shop.ts'
import { readTruth } from './truth.ts'

let folder: string
let lines: string[][]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-shop-'))
  await writeDemoShop({ folder: join(folder, 'a') })
  lines = await readLines('a')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function readLines(shop: string): Promise<string[][]> {
  const text = gunzipSync(await readFile(join(folder, shop, 'order_lines.csv.gz'))).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
}

const share = (count: number): number => count / (lines.length - 1)

describe('the demo shop', () => {
  it('is the same bytes for the same seed, and other bytes for another', async () => {
    await writeDemoShop({ folder: join(folder, 'b') })
    await writeDemoShop({ folder: join(folder, 'c'), seed: 2 })
    for (const file of ['order_lines.csv.gz', 'customers.csv', 'truth.csv']) {
      const first = await readFile(join(folder, 'a', file))
      expect(first.equals(await readFile(join(folder, 'b', file)))).toBe(true)
      expect(first.equals(await readFile(join(folder, 'c', file)))).toBe(false)
    }
  })

  it('has two years of order lines with the documented columns', () => {
    expect(lines[0]!.join()).toBe('order_id,customer_id,ordered_at,sku,category,channel,quantity,unit_price')
    const instants = lines.slice(1).map((line) => line[2]!)
    expect(instants.every((instant) => /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(instant))).toBe(true)
    const days = instants.map((instant) => instant.slice(0, 10)).sort()
    expect(days.at(0)! >= '2024-10-01' && days.at(0)! <= '2024-10-07').toBe(true)
    expect(days.at(-1)).toBe('2026-09-30')
  })

  it('carries the dirt it says: guests, cancellations, duplicates, unreadable amounts, outliers', () => {
    const rows = lines.slice(1)
    expect(share(rows.filter((row) => row[1] === '').length)).toBeCloseTo(0.02, 2)
    const cancelled = rows.filter((row) => row[0]!.startsWith('C'))
    expect(cancelled.every((row) => Number(row[6]) < 0)).toBe(true)
    expect(share(cancelled.length)).toBeCloseTo(0.02, 2)
    expect(share(rows.length - new Set(rows.map(String)).size)).toBeCloseTo(0.005, 2)
    expect(rows.some((row) => row[7] === 'n/a')).toBe(true)
    expect(rows.some((row) => row[1]!.startsWith(' '))).toBe(true)
    expect(rows.some((row) => Number(row[6]) >= 300)).toBe(true)
  })

  it('has a group that drifts and a group that appears in July 2026, and says so only in truth.csv', async () => {
    const truth = await readTruth(join(folder, 'a', 'truth.csv'))
    expect(truth.size).toBe(2000)
    const customers = [...truth]
    const appeared = customers.filter(([, at]) => at.group === '')
    expect(appeared.every(([, at]) => at.groupAfterDrift === 'gift_buyers')).toBe(true)
    expect(appeared.length / truth.size).toBeCloseTo(0.08, 1)
    const firstOrder = new Map<string, string>()
    for (const [, buyer, at] of lines.slice(1)) {
      const id = buyer!.trim()
      if ((firstOrder.get(id) ?? '9') > at!) firstOrder.set(id, at!)
    }
    // A gift buyer whose only order was a guest's has no line of its own.
    expect(appeared.every(([id]) => (firstOrder.get(id) ?? '9') >= '2026-07-01')).toBe(true)
    const moved = customers.filter(([, at]) => at.group !== '' && at.group !== at.groupAfterDrift)
    expect(new Set(moved.map(([, at]) => `${at.group} to ${at.groupAfterDrift}`))).toEqual(
      new Set(['occasional to regulars']),
    )
    expect(moved.length).toBeGreaterThan(60)
  })

  it('names nobody', async () => {
    const customers = (await readFile(join(folder, 'a', 'customers.csv'), 'utf8')).trimEnd().split('\n')
    expect(customers[0]).toBe('customer_id,country,signed_up_on,birth_year')
    expect(customers.slice(1).every((line) => /^K\d{6},[A-Z]{2},20\d\d-\d\d-\d\d,(19|20)\d\d$/.test(line))).toBe(true)
  })
})
