import { describe, expect, it } from 'vitest'
import { guessMarks, kindOf } from '../../src/init/column-kind.ts'
import { plainName } from '../../src/init/column-names.ts'
import { guessLayout } from '../../src/init/guess-csv.ts'
import { guessSources } from '../../src/init/guess-sources.ts'
import { blankTexts, nullWords } from '../../src/init/null-words.ts'
import { place } from './place.ts'

describe('the layout of a text', () => {
  it('is told by the mark that splits all lines alike, not by one within quotes', () => {
    expect(guessLayout('a;b\n"x, y, z";1,5\n"p, q, r";2,5\n', ',')).toEqual({ delimiter: ';' })
    expect(guessLayout('a,b\n1,2\n', ',')).toEqual({})
    expect(guessLayout('a\tb\n1\t2\n', '\t')).toEqual({})
    expect(guessLayout(' id  date  n\n 1 19970101  1\n 22 19970102 10\n', ',')).toEqual({ delimiter: ' ' })
  })

  it('has no header where the first line holds figures', () => {
    expect(guessLayout('1,2024-01-01,3.5\n2,2024-01-02,4.5\n', ',')).toEqual({ header: false })
  })
})

describe('values', () => {
  it('have the decimal mark that at least some of them show beyond doubt', () => {
    expect(guessMarks(['1.234,50', '2,5'])).toEqual({ decimal: ',', thousands: '.' })
    expect(guessMarks(['1,234.50', '2.5'])).toEqual({ decimal: '.', thousands: ',' })
    expect(guessMarks(['7', '1,234'])).toEqual({ decimal: '.', thousands: undefined })
  })

  it('are dates of eight figures only in centuries in which people buy', () => {
    const marks = guessMarks([])
    expect(kindOf('VARCHAR', ['19970101', '19970202'], marks, ['%Y%m%d']).kind).toBe('instant')
    expect(kindOf('VARCHAR', ['51240101', '19970202'], marks, ['%Y%m%d']).kind).toBe('integer')
  })

  it('are missing where a word stands among figures; NA among names is a name', () => {
    expect(
      nullWords([
        ['1', 'NULL', '3'],
        ['DE', 'NA', 'FR'],
      ]),
    ).toEqual(['NULL'])
  })
})

it('blanks among figures stand for no value; among names they are what somebody wrote', () => {
  expect(
    blankTexts([
      ['29.85', ' ', '1889.5'],
      ['DSL', ' ', 'Fibre'],
      ['', '1'],
    ]),
  ).toEqual([' '])
})

it('names of several styles are one name', () => {
  expect(['CustomerID', 'Customer Id', 'customer-id', 'customerId'].map(plainName)).toEqual(
    Array(4).fill('customer_id'),
  )
})

describe('sources', () => {
  const orders = place(
    'orders',
    ['order_id', 'customer_id', 'order_date'],
    [
      ['1', 'a', '2024-01-01'],
      ['2', 'b', '2024-01-02'],
    ],
  )
  const lines = place(
    'lines',
    ['order_id', 'sku', 'qty', 'price'],
    [
      ['1', 'x', '2', '3.5'],
      ['1', 'y', '1', '2.25'],
      ['2', 'x', '1', '3.5'],
    ],
  )
  const goods = place(
    'goods',
    ['sku', 'department'],
    [
      ['x', 'food'],
      ['y', 'toys'],
    ],
  )
  const people = place(
    'people',
    ['customer_id', 'city'],
    [
      ['a', 'Rome'],
      ['b', 'Oslo'],
    ],
  )

  it('are lines that look up their order and product, and people', () => {
    const sources = guessSources([orders, people, goods, lines])
    if ('missing' in sources) throw new Error(sources.missing.join())
    expect(sources.map((source) => [source.place.name, source.role])).toEqual([
      ['lines', 'transactions'],
      ['orders', 'lookup'],
      ['goods', 'lookup'],
      ['people', 'customers'],
    ])
    expect(sources[0]!.lookups).toEqual([
      { source: 'orders', on: 'order_id', columns: ['customer_id', 'occurred_at'] },
      { source: 'goods', on: 'product', columns: ['category'] },
    ])
    expect(sources[0]!.columns.at(-1)).toMatchObject({ column: 'amount', from: { sql: 'qty * price' } })
  })

  it('are people alone where nothing was bought', () => {
    expect(guessSources([people])).toMatchObject([
      { role: 'customers', columns: [{ column: 'customer_id' }, { column: 'city' }] },
    ])
  })

  it('are none where orders lack the file with their amounts, even beside people, and what is missing is said', () => {
    expect(guessSources([people, orders])).toMatchObject({
      role: 'transactions',
      missing: ['amount'],
      nearest: { name: 'orders' },
    })
  })

  it('are none without an id of customers', () => {
    expect(guessSources([goods])).toMatchObject({
      role: 'customers',
      missing: ['customer_id'],
      nearest: { name: 'goods' },
    })
  })
})
