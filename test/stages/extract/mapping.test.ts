import { describe, expect, it } from 'vitest'
import { source } from '../../../src/stages/extract/config.ts'
import type { ParsedExpression } from '../../../src/stages/extract/expression.ts'
import { mapSource } from '../../../src/stages/extract/mapping.ts'
import { didYouMean, editDistance } from '../../../src/stages/extract/nearest-name.ts'

const today = ['InvoiceNo', 'Country', 'Quantity', 'UnitPrice', 'InvoiceDate', 'CustomerID', 'Email']
const plain = { customer_id: 'CustomerID', occurred_at: 'InvoiceDate', order_id: 'InvoiceNo' }
const net = 'quantity * unitprice'
const parsed = new Map<string, ParsedExpression>([[net, { names: ['quantity', 'unitprice', 'x'], usesAll: false }]])
const mapped = (columns: Record<string, unknown>, types = {}) =>
  mapSource(
    {
      source: source.parse({ from: { file: 'x.csv' }, columns, types }),
      sourceName: 'lines',
      role: 'transactions',
    },
    today,
    parsed,
  )

describe('mapping of a source', () => {
  it('puts canonical columns first, in their own order, then all others by name', () => {
    const { columns } = mapped({
      zone: 'Country',
      area: 'Country',
      amount: { sql: net },
      quantity: 'Quantity',
      ...plain,
    })
    expect(columns.map(({ name }) => name)).toEqual([
      'customer_id',
      'occurred_at',
      'order_id',
      'amount',
      'quantity',
      'area',
      'zone',
    ])
  })

  it('reads only the columns it uses: an address that nobody mapped never leaves the source', () => {
    expect(mapped({ ...plain, amount: { sql: net } }).usedColumns).toEqual([
      'InvoiceNo',
      'Quantity',
      'UnitPrice',
      'InvoiceDate',
      'CustomerID',
    ])
  })

  it('names the column that is gone, the ones that are there, and the nearest', () => {
    expect(() => mapped({ ...plain, amount: 'UnitPrize' })).toThrow(
      'Source lines has no column "UnitPrize", which amount uses. Did you mean "UnitPrice"? It has "InvoiceNo", "Country"',
    )
    expect(() => mapped({ ...plain, amount: 'UnitPrice' }, { unit_price: 'decimal' })).toThrow(
      'Did you mean "UnitPrice"?',
    )
  })

  it('asks for the columns that every source of transactions needs', () => {
    expect(() => mapped(plain)).toThrow('maps no amount')
  })

  it('keeps names that the artifact gives its own columns', () => {
    expect(() => mapped({ ...plain, amount: 'UnitPrice', bucket: 'Country' })).toThrow('maps bucket')
  })
})

describe('nearest name', () => {
  it('counts insertions, deletions and replacements', () => {
    // The textbook pair: two replacements and an insertion.
    expect(editDistance('kitten', 'sitting')).toBe(3)
    expect(editDistance('', 'abc')).toBe(3)
  })

  it('overlooks case and separators, and stays silent about strangers', () => {
    expect(didYouMean('customer_id', today)).toBe('Did you mean "CustomerID"? ')
    expect(didYouMean('weather', today)).toBe('')
  })
})
