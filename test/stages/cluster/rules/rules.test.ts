import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession, TypedColumn } from '../../../../src/ports/compute-engine.ts'
import { quoteName } from '../../../../src/sql/sql-text.ts'
import { checkExpression } from '../../../../src/stages/cluster/rules/check-expression.ts'
import { compileExpression } from '../../../../src/stages/cluster/rules/compile-expression.ts'
import type { Expression } from '../../../../src/stages/cluster/rules/expression.ts'
import { parseExpression } from '../../../../src/stages/cluster/rules/parse-expression.ts'
import { readRules } from '../../../../src/stages/cluster/rules/read-rules.ts'
import { compileEvidence, readEvidence } from '../../../../src/stages/cluster/rules/rule-evidence.ts'
import { openSession } from '../../engine-session.ts'
import { columns, condition, evaluate, row, write } from './expressions.ts'
import type { Row, Value } from './expressions.ts'

let session: ComputeSession
let close: () => Promise<void>

beforeAll(async () => {
  ;({ session, close } = await openSession())
})
afterAll(() => close())

async function putTable(rows: readonly Row[]): Promise<void> {
  await session.execute('DROP TABLE IF EXISTS t')
  const column = (name: string): TypedColumn => {
    const values = rows.map((one) => one[name] ?? null)
    if (columns[name]!.type === 'text') return values as (string | null)[]
    return Float64Array.from(values, (value) => (value === null ? NaN : Number(value)))
  }
  const named = Object.fromEntries(Object.keys(columns).map((name) => [name, column(name)]))
  await session.createTable('loaded', {
    rowCount: rows.length,
    columns: { n: Int32Array.from(rows, (_, n) => n), ...named },
  })
  const numbers = Object.keys(columns).filter((name) => columns[name]!.type !== 'text')
  const replaced = numbers.map((name) => `nullif(${quoteName(name)}, 'nan'::double) AS ${quoteName(name)}`)
  await session.execute(`CREATE TABLE t AS SELECT * REPLACE (${replaced.join(', ')}) FROM loaded`)
  await session.execute('DROP TABLE loaded')
}

function withoutPlaces(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === 'at' ? undefined : value)))
}

function read(text: string): Expression {
  const parsed = parseExpression(text)
  if ('problem' in parsed) throw new Error(`${text}: ${JSON.stringify(parsed.problem)}`)
  return parsed.expression
}

describe('conditions over real rows', () => {
  it('mean in SQL what they mean by hand, whatever texts and names are in them, and leave the table alone', async () => {
    await fc.assert(
      fc.asyncProperty(condition, fc.array(row, { minLength: 1, maxLength: 6 }), async (expression, rows) => {
        const text = write(expression)
        const parsed = parseExpression(text)
        // Too long for the language, and refused as such.
        if ('problem' in parsed) return expect(parsed.problem.came).toMatch(/^more than/)
        expect(checkExpression(parsed.expression, columns)).toBeNull()
        await putTable(rows)
        const sql = compileExpression(parsed.expression, columns)
        const found = await session.rows(`SELECT (${sql}) AS truth FROM t ORDER BY n`)
        expect(found.map(({ truth }) => truth as Value)).toEqual(rows.map((one) => evaluate(parsed.expression, one)))
      }),
      { numRuns: 300 },
    )
  })

  it('read back what was written', () => {
    fc.assert(
      fc.property(condition, (expression) => {
        const parsed = parseExpression(write(expression))
        if ('problem' in parsed) return
        expect(withoutPlaces(read(write(parsed.expression)))).toEqual(withoutPlaces(parsed.expression))
      }),
    )
  })

  it('never reach the engine as anything but a condition, whatever is typed', async () => {
    await putTable([{ recency: 1, country: 'DE', isMember: true }])
    const scraps = fc.array(
      fc.oneof(
        fc.constantFrom(
          'recency',
          'country',
          "'DE'",
          "'",
          '"',
          '(',
          ')',
          '--',
          '/*',
          ';',
          ' or ',
          ' and ',
          ' in ',
          '=',
          '<',
          ',',
        ),
        fc.constantFrom(
          ' not ',
          '1',
          '-',
          ' is known',
          ' between ',
          'abs',
          'DROP TABLE t',
          'read_text',
          "''",
          'isMember',
        ),
        fc.string({ maxLength: 5 }),
      ),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(scraps, async (parts) => {
        const parsed = parseExpression(parts.join(''))
        if ('problem' in parsed || checkExpression(parsed.expression, columns)) return
        const found = await session.rows(`SELECT ${compileExpression(parsed.expression, columns)} AS truth FROM t`)
        expect(found).toHaveLength(1)
      }),
      { numRuns: 2000 },
    )
    expect(await session.rows('SELECT count(*) AS rows FROM t')).toEqual([{ rows: 1 }])
  })

  it('are missing where a value is missing, unless the condition says otherwise', async () => {
    await putTable([
      { recency: null, country: 'DE' },
      { recency: 10, country: null },
    ])
    const truths = async (text: string): Promise<unknown> =>
      (await session.rows(`SELECT ${compileExpression(read(text), columns)} AS truth FROM t ORDER BY n`)).map(
        (one) => one.truth,
      )
    expect(await truths('recency < 30')).toEqual([null, true])
    expect(await truths('not recency < 30')).toEqual([null, false])
    expect(await truths("recency < 30 or country = 'DE'")).toEqual([true, true])
    expect(await truths("country != 'AT'")).toEqual([true, null])
    expect(await truths('coalesce(recency, 999) > 30')).toEqual([true, false])
    expect(await truths('recency is missing')).toEqual([true, false])
    expect(await truths('10 / (recency - 10) > 0')).toEqual([null, null])
    expect(await truths('max(recency, 20) = 20')).toEqual([true, true])
  })
})

describe('what rules did to real rows', () => {
  it('is counted: overlaps, gaps, dead rules and those never true', async () => {
    const of = (recency: number | null, country: string | null): Row => ({ recency, country, isMember: false })
    await putTable([of(1, 'DE'), of(2, 'AT'), of(20, 'DE'), of(50, 'FR'), of(null, 'DE'), of(null, null), of(3, null)])
    const { rules } = readRules(
      {
        rules: [
          { name: 'Fresh', when: 'recency <= 3' },
          { name: 'German', when: "country = 'DE'" },
          { name: 'Very fresh', when: 'recency + 0 <= 2' },
          { name: 'Members', when: 'isMember' },
        ],
      },
      columns,
    )
    const [counts] = await session.rows(compileEvidence('t', rules, columns))
    // By hand, customer by customer.
    expect(readEvidence(rules, counts!)).toEqual({
      rules: [
        { key: 'fresh', matched: 3, taken: 3, undecided: 2, finding: null },
        { key: 'german', matched: 3, taken: 2, undecided: 2, finding: null },
        { key: 'very_fresh', matched: 2, taken: 0, undecided: 2, finding: 'dead' },
        { key: 'members', matched: 0, taken: 0, undecided: 0, finding: 'neverTrue' },
      ],
      overlaps: [
        { first: 'fresh', second: 'very_fresh', customers: 2 },
        { first: 'fresh', second: 'german', customers: 1 },
        { first: 'german', second: 'very_fresh', customers: 1 },
      ],
      gap: 2,
    })
  })
})
