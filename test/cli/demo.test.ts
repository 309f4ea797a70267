import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeOutsideFolder } from '../../src/adapters/embedded/postgres-files.ts'
import { SCREEN_COLUMNS } from '../../src/report/wrap-text.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'src/cli/main.ts')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resegment-demo-'))
  mkdirSync(join(folder, 'pipelines'))
  for (const name of ['resegment.yaml', 'pipelines/shop.yaml']) copyFileSync(join(ROOT, name), join(folder, name))
})
afterAll(async () => {
  await removeOutsideFolder(join(folder, 'state/demo-servers'))
  rmSync(folder, { recursive: true, force: true })
})

describe('demo, which `npm start` runs', () => {
  it('shows two quarters, the segments, who moved and where to look, and leaves nothing running', () => {
    const demo = spawnSync(process.execPath, [MAIN, 'demo', '--project', folder, '--state', join(folder, 'state')], {
      encoding: 'utf8',
    })
    expect(demo.status, demo.stderr).toBe(0)
    for (const quarter of ['shop@2026-07-01~1 (2026-Q2) is published', 'shop@2026-10-01~1 (2026-Q3) is published'])
      expect(demo.stdout).toContain(quarter)
    expect(demo.stdout).toMatch(/^Who moved and why:$/m)
    expect(demo.stdout).toMatch(/^Report {2,}resegment report shop@2026-10-01~1 --open$/m)
    expect(demo.stdout).toMatch(/^SQL {2,}select /m)
    expect(demo.stdout).toMatch(/^Files {2,}s3:\/\//m)
    // The README shows what comes out here; only times are the machine's.
    expect(withoutTimes(demo.stdout)).toContain(withoutTimes(shownRun()))
    const isWide = (line: string): boolean => line.length > SCREEN_COLUMNS && !line.includes(folder)
    expect(demo.stdout.split('\n').filter(isWide)).toEqual([])
    // Each server was started with a word about it, and its process is gone.
    const servers = JSON.parse(readFileSync(join(folder, 'state/demo-servers/servers.json'), 'utf8')) as unknown
    expect(JSON.stringify(servers)).not.toMatch(/"pid":\d+/)
    for (const server of ['Temporal', 'Postgres', 'S3']) expect(demo.stderr).toContain(server)
  })
})

/** The block of the README under "What a run looks like". */
function shownRun(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  return /^## What a run looks like\n+```text\n(.*?)^```$/ms.exec(readme)![1]!
}

function withoutTimes(text: string): string {
  return text.replaceAll(/\b(\d+ min )?\d+(\.\d)? s\b/g, '# s')
}
