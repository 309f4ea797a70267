import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { TestProject } from './project.ts'

/** An order line of the demo shop, as its columns are in the file. */
export type OrderLine = readonly string[]
export type Load = readonly OrderLine[]

const FILE = 'data/order_lines.csv.gz'
const [CUSTOMER, ORDERED_AT, QUANTITY, UNIT_PRICE] = [1, 2, 6, 7] as const

/** The lines of the shop of a project, and what writes others in their place. */
export function loadOf(project: TestProject): { lines: Load; write: (lines: Load) => void } {
  const path = join(project.folder, FILE)
  const [header, ...rows] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  return {
    lines: rows.map((row) => row.split(',')),
    write: (lines) => {
      const text = [header, ...lines.map((line) => line.join(','))].join('\n')
      writeFileSync(path, gzipSync(`${text}\n`))
    },
  }
}

const numberOf = (line: OrderLine): number => Number(line[CUSTOMER]!.trim().slice(1))
const replace = (line: OrderLine, column: number, value: string): OrderLine => line.with(column, value)

/** Every second customer is in the file no more. */
export const withHalfOfCustomers = (lines: Load): Load => lines.filter((line) => numberOf(line) % 2 === 0)

/** Prices in cents, as if they were euros. */
export const withPricesInCents = (lines: Load): Load =>
  lines.map((line) =>
    replace(line, UNIT_PRICE, line[UNIT_PRICE] === 'n/a' ? 'n/a' : `${Number(line[UNIT_PRICE]) * 100}`),
  )

export const withoutPrices = (lines: Load): Load => lines.map((line) => replace(line, UNIT_PRICE, '0.00'))

/** All but every tenth customer bought the same thing on the same day, and nothing else. */
export const withOneKindOfCustomer = (lines: Load): Load => {
  const seen = new Set<string>()
  return lines.flatMap((line) => {
    if (numberOf(line) % 20 === 0) return [line]
    const customer = line[CUSTOMER]!.trim()
    if (seen.has(customer)) return []
    seen.add(customer)
    const same = [
      [ORDERED_AT, '2026-05-04 12:00:00'],
      [QUANTITY, '1'],
      [UNIT_PRICE, '20.00'],
    ] as const
    return [same.reduce((changed, [column, value]) => replace(changed, column, value), line)]
  })
}

export const withEveryLineTwice = (lines: Load): Load => lines.flatMap((line) => [line, line])
