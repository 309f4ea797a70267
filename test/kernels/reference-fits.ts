import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Matrix } from '../../src/ports/kernel-pool.ts'
import { matrixOf } from './reference-sets.ts'

const DATA = new URL('../../../shared/data/', import.meta.url)

/** Columns minus their mean, over their population deviation. */
export function standardise({ rowCount, dimensions, values }: Matrix): Matrix {
  const scaled = values.slice()
  for (let j = 0; j < dimensions; j++) {
    let mean = 0
    for (let i = 0; i < rowCount; i++) mean += values[i * dimensions + j]! / rowCount
    let variance = 0
    for (let i = 0; i < rowCount; i++) variance += (values[i * dimensions + j]! - mean) ** 2 / rowCount
    for (let i = 0; i < rowCount; i++)
      scaled[i * dimensions + j] = (values[i * dimensions + j]! - mean) / Math.sqrt(variance)
  }
  return { rowCount, dimensions, values: scaled }
}

function readNumbers(path: string, from: number, to: number): number[][] {
  const [, ...lines] = readFileSync(new URL(path, DATA), 'utf8').trim().split(/\r?\n/)
  return lines.map((line) => line.split(',').slice(from, to).map(Number))
}

/** 178 wines of 13 measures. */
export function readWine(): Matrix {
  return matrixOf(readNumbers('sklearn_toy/wine_data.csv', 0, 13))
}

/** 200 members of a mall: income and spending score. */
export function readMall(): Matrix {
  return matrixOf(readNumbers('mall_customers/Mall_Customers.csv', 3, 5))
}

/** 440 clients of a wholesaler: yearly spend in six categories. */
export function readWholesale(): Matrix {
  return matrixOf(readNumbers('wholesale_customers/wholesale_customers.csv', 2, 8))
}

/** Recency, frequency and monetary value of the 4,338 customers of Online Retail, as log(1 + x). */
export function readOnlineRetailRfm(): Matrix {
  const csv = gunzipSync(readFileSync(new URL('online_retail/online_retail_2010_2011.csv.gz', DATA))).toString()
  const snapshot = Date.UTC(2011, 11, 10)
  const customers = new Map<string, { last: number; invoices: Set<string>; spent: number }>()
  for (const line of csv.trim().split(/\r?\n/).slice(1)) {
    const fields = line.split(',')
    const [quantity, date, price, id] = fields.slice(-5, -1)
    if (fields[0]!.startsWith('C') || Number(quantity) <= 0 || Number(price) <= 0 || id === '') continue
    const customer = customers.get(id!) ?? { last: -Infinity, invoices: new Set(), spent: 0 }
    customers.set(id!, customer)
    customer.last = Math.max(customer.last, Date.parse(`${date!.slice(0, 10)}T00:00:00Z`))
    customer.invoices.add(fields[0]!)
    customer.spent += Number(quantity) * Number(price)
  }
  return matrixOf(
    [...customers.values()].map(({ last, invoices, spent }) =>
      [(snapshot - last) / 86_400_000, invoices.size, spent].map(Math.log1p),
    ),
  )
}
