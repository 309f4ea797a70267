import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildProgram } from '../../../src/adapters/embedded/program-build.ts'
import { findServer, type FindOptions } from '../../../src/adapters/embedded/server-binary.ts'
import { TEMPORAL, VERSITYGW } from '../../../src/adapters/embedded/server-program.ts'
import { ServerMissing } from '../../../src/errors/server-missing.ts'

let folder: string
let journal: string
const programFolder = (): string => join(folder, 'servers', 'versitygw-1.8.0')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-cache-'))
  journal = join(folder, 'journal')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('finding a server', () => {
  it('makes it once when two set-ups want it at the same time', async () => {
    const both = [startSetUp(1500), startSetUp(1500)]
    const results = await Promise.all(both.map((setUp) => setUp.ended))
    const executable = join(programFolder(), 'versitygw')
    for (const result of results) expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining(executable) })
    expect(await readFile(journal, 'utf8')).toBe('begin\nend\n')
    expect(results.map((result) => result.stderr).join('')).toContain('Another set-up is making the S3 server')
    expect(await readdir(programFolder())).toEqual(['versitygw'])
  })

  it('leaves no half executable when it is killed, and the next one succeeds', async () => {
    const killed = startSetUp(60_000)
    await killed.building
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(await readdir(programFolder())).not.toContain('versitygw')
    // The dead set-up's lock is honoured until it is stale, 10 seconds.
    const next = await startSetUp(10).ended
    expect(next.code).toBe(0)
    expect(await readFile(join(programFolder(), 'versitygw'), 'utf8')).toContain('whole')
    expect(await readdir(programFolder())).toEqual(['versitygw'])
  })

  it('prefers the PATH, whatever version is there, to the cache', async () => {
    const onPath = await putExecutable(join(folder, 'bin'), 'temporal')
    const cached = await putExecutable(join(folder, 'servers', 'temporal-1.5.1'), 'temporal')
    const find = (path: string): Promise<string> => findServer(TEMPORAL, { ...options, variables: { PATH: path } })
    expect(await find(`/nowhere:${join(folder, 'bin')}`)).toBe(onPath)
    expect(await find('/nowhere')).toBe(cached)
  })

  it('goes the next way when one fails, and ends with what was tried and the ways out', async () => {
    const failing = async (): Promise<void> => Promise.reject(new Error('The download did not work.'))
    const error = await findServer(TEMPORAL, { ...options, makers: [failing, buildProgram] }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ServerMissing)
    const { what, remedy } = error as ServerMissing
    expect(what).toContain('no temporal on the PATH')
    expect(what).toContain(join(folder, 'servers', 'temporal-1.5.1', 'temporal'))
    expect(what).toContain('The download did not work. Go is not installed')
    expect(remedy).toMatch(/install temporal 1\.5\.1.*install Go.*TEMPORAL_ADDRESS.*docker compose/s)
  })

  it('builds with the Go of the PATH and quotes the end of what Go says when that fails', async () => {
    const bin = join(folder, 'bin')
    await putExecutable(
      bin,
      'go',
      'if [ "$1" = version ]; then echo go version go1.0; else echo needs go 1.99; exit 1; fi',
    )
    const lines: string[] = []
    const find = {
      ...options,
      variables: { PATH: `${bin}:/bin` },
      makers: [buildProgram],
      onStep: (line: string) => lines.push(line),
    }
    await expect(findServer(VERSITYGW, find)).rejects.toThrow(
      /Building it with go version go1\.0 failed: needs go 1\.99/,
    )
    expect(lines[0]).toMatch(/Building the S3 server \(versitygw 1\.8\.0\) with Go: takes about 2 minutes/)
    // An argument of `go install` that a fake can look at: the version is pinned and the executable lands in GOBIN.
    await putExecutable(
      bin,
      'go',
      '[ "$1" = version ] || { echo "$@" > "$GOBIN/versitygw"; /bin/chmod +x "$GOBIN/versitygw"; }',
    )
    const built = await findServer(VERSITYGW, find)
    expect(await readFile(built, 'utf8')).toBe(
      'install -ldflags -s -w github.com/versity/versitygw/cmd/versitygw@v1.8.0\n',
    )
  })
})

const options: FindOptions = {
  get cacheFolder() {
    return folder
  },
  variables: { PATH: '/nowhere' },
  signal: undefined,
  onStep: () => {},
}

async function putExecutable(inFolder: string, name: string, script = ''): Promise<string> {
  await mkdir(inFolder, { recursive: true })
  const path = join(inFolder, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

function startSetUp(milliseconds: number) {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, 'make-server.child.ts'),
    folder,
    String(milliseconds),
    journal,
  ])
  let stdout = ''
  let stderr = ''
  const building = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      if (stdout.includes('building')) resolve()
    }),
  )
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return { child, building, ended }
}
