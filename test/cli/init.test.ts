import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const folders: string[] = []
function folderWith(name: string, text: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-init-test-'))
  folders.push(folder)
  writeFileSync(join(folder, name), text)
  return folder
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const LINES =
  'Belegnr;Kundennr;Datum;Warengruppe;Umsatz\nB1;1000;02.03.2025 09:15;Möbel;15,82\nB2;1001;23.03.2025 18:40;Hemden;1.056,31\n'

it('writes a project that check takes, of a file with decimal commas in Windows-1252, and overwrites nothing', async () => {
  const folder = folderWith('orders.csv', Buffer.from(LINES, 'latin1'))
  const args = ['init', '--from', join(folder, 'orders.csv'), '--project', folder, '--yes'] as const
  const { exitCode, stdout } = await runCli(...args)
  expect(exitCode, stdout).toBe(0)
  expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([])
  expect(stdout).toContain('resegment run orders --as-of 2025-03-24 --embedded')
  const project = readFileSync(join(folder, 'resegment.yaml'), 'utf8')
  expect(project).toContain(
    'csv: { delimiter: ;, encoding: windows-1252, decimal: ",", thousands: ., timestampFormat: "%d.%m.%Y %H:%M" }',
  )
  // Values of customers stay out of the files.
  expect(project).not.toMatch(/1000|15,82/)
  expect(await runCli('check', '--project', folder)).toMatchObject({ exitCode: 0, stderr: '' })
  const again = await runCli(...args)
  expect(again.exitCode).toBe(2)
  expect(again.stderr).toContain('init overwrites nothing')
  expect(readFileSync(join(folder, 'resegment.yaml'), 'utf8')).toBe(project)
})

it('writes nothing where nobody can say that the guesses are right', async () => {
  const folder = folderWith('orders.csv', LINES)
  const { exitCode, stderr } = await runCli('init', '--from', join(folder, 'orders.csv'), '--project', folder)
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--yes')
  expect(readdirSync(folder)).toEqual(['orders.csv'])
})

it('says which column of a purchase is missing, and how to name it', async () => {
  const folder = folderWith('orders.csv', 'order_id,customer_id,order_date,gross\n1,a,2024-01-01,x\n2,b,2024-01-02,y\n')
  const { exitCode, stderr } = await runCli('init', '--from', join(folder, 'orders.csv'), '--project', folder, '--yes')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('orders has no column for amount among order_id, customer_id, order_date, gross')
  expect(stderr).toContain('--column orders:amount=COLUMN')
})
