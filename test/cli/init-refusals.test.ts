import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resegment-init-'))
})

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const init = (...given: readonly string[]) => runCli('init', '--project', folder, '--yes', ...given)

describe('init refuses, and says what was looked for and how to go on', () => {
  it('when there is no id of customers', async () => {
    const { exitCode, stderr } = await init(
      '--from',
      write('sales.csv', 'day,amount,shop\n2024-01-01,3.5,A\n2024-01-02,4.5,B\n'),
    )
    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      'WrongUsage: No customers were found: sales has no column called like customer_id, user_id, client_no, household_id, member_id, account_id or Kundennr among day, amount, shop.\n' +
        'If one of them tells customers apart, name it with --column sales:customer_id=COLUMN; if the customers are elsewhere, name those files or tables after --from too.\n',
    )
    expect(existsSync(join(folder, 'resegment.yaml'))).toBe(false)
  })

  it('an empty file, and one with a header alone', async () => {
    const empty = await init('--from', write('empty.csv', ''))
    expect(empty.exitCode).not.toBe(0)
    expect(empty.stderr).toMatch(/empty/)
    const bare = await init('--from', write('bare.csv', 'customer_id,order_id,order_date,amount\n'))
    expect(bare).toMatchObject({ exitCode: 2 })
    expect(bare.stderr).toContain('WrongUsage: bare has no rows.')
  })

  it('a file of a kind that it does not read, and a folder', async () => {
    const sheet = await init('--from', write('orders.xlsx', 'PK'))
    expect(sheet).toMatchObject({ exitCode: 2 })
    expect(sheet.stderr).toContain('ends in .xlsx, which is no kind of file that is read.')
    expect(sheet.stderr).toContain('.csv, .tsv, .txt, .jsonl, .ndjson (each also with .gz) or .parquet')
    mkdirSync(join(folder, 'exports'))
    const exports = await init('--from', join(folder, 'exports'))
    expect(exports.stderr).toContain('is a folder.')
  })

  it('a file with one column', async () => {
    const { exitCode, stderr } = await init('--from', write('ids.csv', 'customer_id\na\nb\n'))
    expect(exitCode).toBe(2)
    expect(stderr).toContain('ids has no column for occurred_at, order_id, amount among customer_id.')
  })

  it('corrections of what is not there', async () => {
    const orders = write(
      'orders.csv',
      'customer_id,order_id,order_date,amount\na,1,2024-01-01,3.5\nb,2,2024-01-02,4.5\n',
    )
    const role = await init('--from', orders, '--role', 'orders=purchases')
    expect(role.stderr).toContain('with one of transactions, customers, events,')
    const column = await init('--from', orders, '--column', 'orders.csv:amount=total')
    expect(column.stderr).toContain(
      'orders.csv has no column "total"; its columns are customer_id, order_id, order_date, amount.',
    )
    const name = await init('--from', orders, '--column', 'orders.csv:custmer_id=customer_id')
    expect(name.stderr).toContain('custmer_id is no name with a meaning.')
    const place = await init('--from', orders, '--role', 'lines.csv=none')
    expect(place.stderr).toContain('lines.csv is none of the files and tables after --from.')
  })
})

it('obeys --role and --column without asking, and writes what check takes', async () => {
  const sales = write(
    'sales.csv',
    'order_id,customer_id,Payer,order_date,amount\n1,a,x,2024-01-01,3.5\n2,a,y,2024-01-02,4.5\n3,b,x,2024-01-03,1.5\n',
  )
  const clicks = write('clicks.csv', 'user_id,ts,event\nx,2024-01-01,view\ny,2024-01-02,view\n')
  const written = await init(
    ...['--from', sales, clicks, '--role', 'clicks.csv=none', '--column', 'sales.csv:customer_id=Payer'],
  )
  expect(written, written.stderr).toMatchObject({ exitCode: 0 })
  expect(readFileSync(join(folder, 'resegment.yaml'), 'utf8')).toContain('customer_id: Payer # as you say; text')
  expect(readFileSync(join(folder, 'pipelines/sales.yaml'), 'utf8')).toContain('extract: { transactions: sales }')
  expect(await runCli('check', '--project', folder)).toMatchObject({ exitCode: 0 })
})
