import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const BIN = join(REPOSITORY, 'node_modules/.bin')

export interface GateResult {
  readonly code: number | null
  readonly output: string
}

/** A folder with the house's own gate configuration and packages, into which a test plants violations. */
export class PlantedProject {
  readonly folder: string

  /** @param configFiles of the repository, copied as they are */
  constructor(configFiles: readonly string[], planted: Readonly<Record<string, string>>) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'resegment-gate-')))
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.folder, 'node_modules'))
    for (const name of ['package.json', 'tsconfig.json', ...configFiles])
      cpSync(join(REPOSITORY, name), join(this.folder, name))
    for (const [name, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true })
      writeFileSync(join(this.folder, name), text)
    }
  }

  /** Runs a gate's program as `npm run check` does. */
  run(program: string, args: readonly string[]): Promise<GateResult> {
    return new Promise((done) => {
      const options = {
        cwd: this.folder,
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      }
      // Through our own Node: the one on the PATH may be older than the gates allow.
      const file = realpathSync(join(BIN, program))
      execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
        done({ code, output: stdout + stderr })
      })
    })
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
