import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../src/cli/program.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

describe('the help', () => {
  it('lists the commands, without loading them, as they are when all are loaded', async () => {
    const whole = await buildProgram()
    const listed = await buildProgram(['--help'])
    expect(listed.helpInformation()).toBe(whole.helpInformation())
  })

  it('lists them also beside one that was typed', async () => {
    const whole = await buildProgram()
    const one = await buildProgram(['describe', 'shop@2026-10-01'])
    expect(one.helpInformation()).toBe(whole.helpInformation())
  })

  it('waits for neither Temporal nor the engine', async () => {
    const { stdout, packages } = await loadedBy('--help')
    expect(stdout).toContain('Usage: resegment')
    expect(packages).toContain('commander')
    expect(packages.filter((name) => /^(?:@temporalio|@duckdb|@aws-sdk|pg|kysely|zod|yaml)\b/.test(name))).toEqual([])
  })
})

it('lets a worker start without what only some runs need: charts and mail', async () => {
  const { packages } = await loadedBy('worker', '--target', 'dev', '--help')
  expect(packages).toContain('@temporalio/worker')
  expect(packages.filter((name) => ['echarts', 'zrender', 'nodemailer'].includes(name))).toEqual([])
})

/** Executes a command in a process of its own, and tells which packages it loaded. */
async function loadedBy(...words: readonly string[]): Promise<{ stdout: string; packages: readonly string[] }> {
  const trace = `import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) })`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(trace)}`, MAIN, ...words]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
  const packages = [...stderr.matchAll(/node_modules\/((?:@[^/]+\/)?[^/\n]+)/g)].map(([, name]) => name!)
  return { stdout, packages: [...new Set(packages)] }
}
