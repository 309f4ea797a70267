import { describe, expect, it } from 'vitest'
import { checkCleanse } from '../../src/config/check-cleanse.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import type { Project } from '../../src/plan/project.ts'
import { source } from '../../src/stages/extract/config.ts'

const sources = {
  lines: source.parse({
    from: { file: 'lines.csv' },
    columns: {
      customer_id: 'c',
      occurred_at: 't',
      order_id: 'o',
      amount: 'a',
      weight: { column: 'w', type: 'decimal' },
    },
    lookups: [{ source: 'products', on: 'product', columns: ['category'] }],
  }),
  products: source.parse({ from: { file: 'products.csv' }, columns: { product: 'p', category: 'k' } }),
  people: source.parse({
    from: { file: 'people.csv' },
    columns: { customer_id: 'c', birth_date: 'b', country: 'l', income: 'i' },
  }),
  clicks: source.parse({ from: { file: 'clicks.csv' }, columns: { customer_id: 'c', occurred_at: 't', event: 'e' } }),
}

function findings(...cleanse: readonly object[]): readonly string[] {
  const pipeline = pipelineConfig.parse({
    pipeline: 'shop',
    extract: { transactions: 'lines', customers: 'people', events: 'clicks' },
    cleanse,
    features: ['recency'],
    publish: { warehouse: 'warehouse' },
  })
  return checkCleanse(pipeline, { sources } as unknown as Project).map(
    ({ path, came, wanted }) => `${path.join('.')} | ${came} | ${wanted}`,
  )
}

describe('check of cleansing rules', () => {
  it('accepts a rule of every kind', () => {
    expect(
      findings(
        { rule: 'required', of: 'customers', columns: ['country'] },
        { rule: 'types', of: 'customers', do: 'fix' },
        { rule: 'range', column: 'weight', atLeast: 0, atMost: 9, do: 'fix' },
        { rule: 'allowed', column: 'category', values: ['a', 'b'], to: 'b', do: 'fix' },
        { rule: 'pattern', of: 'customers', column: 'country', matches: '(?i)[a-z]{2}', do: 'fix' },
        { rule: 'future', of: 'customers', columns: ['birth_date'] },
        { rule: 'duplicates' },
        { rule: 'duplicates', by: ['order_id'], keep: 'highest', column: 'amount' },
        { rule: 'cancellations', when: { sql: 'true' }, do: 'net', match: ['customer_id'] },
        { rule: 'testCustomers', of: 'customers', ids: ['x'], when: { sql: 'income = 0' } },
        { rule: 'stale', of: 'customers', column: 'birth_date', olderThan: '99 years', columns: ['income'], do: 'fix' },
        { rule: 'outliers', column: 'amount', quantiles: { upper: 0.99 }, do: 'fix' },
        { rule: 'inconsistent', of: 'customers', column: 'country', do: 'fix' },
        { rule: 'unmatched', of: 'events', maxShare: 0.1 },
        { rule: 'sql', name: 'own', when: { sql: 'true' }, do: 'drop' },
      ),
    ).toEqual([])
  })

  it.each([
    [
      'a column that no source of the role maps',
      { rule: 'required', columns: ['email'] },
      'columns.0 | "email" | a mapped column of the transactions: customer_id, occurred_at, order_id, amount, weight, category',
    ],
    [
      'a column of another role',
      { rule: 'inconsistent', column: 'country', do: 'fix' },
      'column | "country" | a mapped column of the transactions',
    ],
    [
      'a range over text',
      { rule: 'range', column: 'order_id', above: 0, do: 'drop' },
      'column | "order_id" | a mapped column that holds numbers: amount, weight',
    ],
    [
      'a pattern over numbers',
      { rule: 'pattern', column: 'amount', matches: 'x', do: 'drop' },
      'column | "amount" | a mapped column that holds text',
    ],
    [
      'a role that is not read',
      { rule: 'types', of: 'survey' },
      'of | a rule about survey | a role that the pipeline reads; extract.survey names no source',
    ],
    [
      'fix to a bound that no value may have',
      { rule: 'range', column: 'amount', above: 0, do: 'fix' },
      'above | above | atLeast beside do: fix',
    ],
    [
      'a range that nothing can pass',
      { rule: 'range', column: 'amount', above: 5, below: 5, do: 'drop' },
      '| from 5 to 5 |',
    ],
    [
      'fix without a replacement',
      { rule: 'allowed', column: 'category', values: ['a'], do: 'fix' },
      'do | fix without to |',
    ],
    [
      'a replacement that is not allowed',
      { rule: 'allowed', column: 'category', values: ['a'], to: 'b', do: 'fix' },
      'to | "b" | one of values',
    ],
    [
      'a replacement of rejected rows',
      { rule: 'allowed', column: 'category', values: ['a'], to: 'a', do: 'drop' },
      'to | "a" | no to beside do: drop',
    ],
    [
      'an emptied key',
      { rule: 'pattern', column: 'order_id', matches: 'x', do: 'fix' },
      'do | fix of order_id | another action',
    ],
    [
      'a pattern that the engine refuses',
      { rule: 'pattern', column: 'order_id', matches: '(?=x)y', do: 'drop' },
      'matches | "(?=x)y" | a regular expression without (?=: RE2 has none',
    ],
    ['a pattern that is none', { rule: 'testCustomers', pattern: '(' }, 'pattern | "(" | a regular expression'],
    [
      'stale with nothing to empty',
      { rule: 'stale', of: 'customers', column: 'birth_date', olderThan: '2 years', do: 'fix' },
      'do | fix without columns |',
    ],
    [
      'stale that rejects and empties',
      { rule: 'stale', of: 'customers', column: 'birth_date', olderThan: '2 years', columns: ['income'], do: 'drop' },
      'columns |',
    ],
    ['a choice among equal rows', { rule: 'duplicates', keep: 'first' }, 'keep | a choice among equal rows | by:'],
    ['the highest of nothing', { rule: 'duplicates', by: ['order_id'], keep: 'highest' }, 'keep | highest | column:'],
    [
      'the last of rows without time',
      { rule: 'duplicates', of: 'customers', by: ['customer_id'] },
      'by | rows of customers, which have no occurred_at | column:',
    ],
    [
      'a match of returns that are not netted',
      { rule: 'cancellations', do: 'keep', match: ['customer_id'] },
      'match |',
    ],
    ['test customers that are nobody', { rule: 'testCustomers' }, '| testCustomers that says nobody |'],
    ['outliers without bounds', { rule: 'outliers', column: 'amount', do: 'fix' }, '| outliers without bounds |'],
    [
      'outliers with two kinds of bounds',
      { rule: 'outliers', column: 'amount', quantiles: { upper: 0.9 }, madTimes: 3, do: 'fix' },
      '| quantiles and madTimes |',
    ],
    [
      'unmatched transactions',
      { rule: 'unmatched', of: 'transactions' },
      'of | transactions | events, survey, tickets or touches',
    ],
  ])('names %s', (_, rule, expected) => {
    const found = findings(rule)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(expected)
  })

  it.each([
    [
      'the same rule of a role again',
      [{ rule: 'types' }, { rule: 'types' }],
      'cleanse.1.rule | types of transactions, again',
    ],
    [
      'two conditions of one name',
      [
        { rule: 'sql', name: 'a', when: { sql: 'true' }, do: 'drop' },
        { rule: 'sql', name: 'a', when: { sql: 'false' }, do: 'drop' },
      ],
      'cleanse.1.rule | sql a of transactions, again',
    ],
    [
      'equal rows looked for too late',
      [{ rule: 'duplicates', by: ['order_id'] }, { rule: 'duplicates' }],
      'cleanse.1.rule | duplicates after duplicates by columns',
    ],
  ])('names %s', (_, rules, expected) => {
    expect(findings(...rules).join()).toContain(expected)
  })

  it('takes the same rule of two roles for two rules', () => {
    expect(findings({ rule: 'types' }, { rule: 'types', of: 'customers' })).toEqual([])
  })
})
