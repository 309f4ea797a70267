import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../../src/adapters/duckdb/engine.ts'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { parseExpressionSql, readExpression, type ParsedExpression } from '../../../src/stages/extract/expression.ts'

let folder: string
let session: ComputeSession

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-expression-'))
  session = await makeDuckDbEngine({ threads: 1 }).open({ scratchPath: folder })
})
afterAll(async () => {
  await session.close()
  await rm(folder, { recursive: true, force: true })
})

const parse = async (sql: string): Promise<ParsedExpression> => {
  const [row] = await session.rows(parseExpressionSql(sql))
  return readExpression(sql, String(row!.tree), 'sources.lines.columns.amount')
}

describe('an expression of a definition', () => {
  it('says which columns it uses, quoted ones and those inside functions too', async () => {
    const { names } = await parse(`CASE WHEN coalesce("Unit Price", 0) > 0 THEN Quantity * "Unit Price" ELSE cost END`)
    expect([...names].sort()).toEqual(['Quantity', 'Unit Price', 'cost'])
  })

  it('uses every column when it says so', async () => {
    expect((await parse('coalesce(*COLUMNS(*))')).usesAll).toBe(true)
    expect((await parse('a + b')).usesAll).toBe(false)
  })

  it('may end in a comment', async () => {
    expect((await parse('a + b -- net')).names).toEqual(['a', 'b'])
  })

  it.each(['price +', 'price), (quantity', 'price FROM lines', 'a; DROP TABLE b', ''])(
    'is refused when it is not one expression: %s',
    async (sql) => {
      await expect(parse(sql)).rejects.toMatchObject({
        type: 'ConfigInvalid',
        message: expect.stringContaining(`"${sql}"`) as string,
      })
    },
  )

  it.each(['random() * price', 'now()', 'current_date', 'CURRENT_TIMESTAMP', 'uuid()'])(
    'is refused when its value depends on when it runs: %s',
    async (sql) => {
      await expect(parse(sql)).rejects.toMatchObject({ type: 'ConfigInvalid' })
    },
  )
})
