import { statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import { dirname } from 'node:path'
import type { Environment } from '../../config/environment.ts'
import type { HealthCheck } from '../../report/health-report.ts'
import { codeVersion } from '../../wiring/code-version.ts'
import { machineMemoryBytes } from '../../workers/machine-memory.ts'
import { look, ok, problem, warning } from './look.ts'

const GIB = 1024 ** 3
/** Spilled sorts and fetched artifacts of a million customers. */
const LITTLE_DISK_BYTES = 5 * GIB
const NO_DISK_BYTES = GIB / 2
/** One session of the engine, the kernels beside it, and Node. */
const LITTLE_MEMORY_BYTES = 2 * GIB
const OLDEST_NODE = [22, 18] as const
/** Countries change their summer time with a few months' notice. */
const OLD_ZONES_YEARS = 2

/** @param folders with what they are for */
export async function lookAtMachine(folders: Readonly<Record<string, string>>): Promise<readonly HealthCheck[]> {
  const disks = Object.entries(folders).map(([what, folder]) => look(`disk of ${what}`, () => diskCheck(what, folder)))
  return [...(await Promise.all(disks)).flat(), ...machineChecks(thisMachine())]
}

async function diskCheck(what: string, folder: string): Promise<readonly HealthCheck[]> {
  const name = `disk of ${what}`
  const { bavail, bsize } = await statfs(await existing(folder))
  const free = bavail * bsize
  const message = `${gib(free)} free at ${folder}`
  const remedy = 'Make room there, or name another folder (RESEGMENT_CACHE, --state).'
  if (free < NO_DISK_BYTES) return [problem(name, message, remedy)]
  return [free < LITTLE_DISK_BYTES ? warning(name, message, remedy) : ok(name, message)]
}

/** The nearest folder that is there: a first start makes the others. */
async function existing(folder: string): Promise<string> {
  const parent = dirname(folder)
  return statfs(folder).then(
    () => folder,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || parent === folder) throw error
      return existing(parent)
    },
  )
}

/** What this process runs on. */
export interface Machine {
  readonly memoryBytes: number
  readonly freeBytes: number
  readonly node: string
  /** Version of the time-zone data: `2026a`. */
  readonly zones: string | undefined
  readonly year: number
}

function thisMachine(): Machine {
  const memoryBytes = machineMemoryBytes()
  const { node, tz: zones } = process.versions
  return { memoryBytes, freeBytes: Math.min(memoryBytes, freemem()), node, zones, year: new Date().getFullYear() }
}

export function machineChecks({ memoryBytes, freeBytes, node, zones, year }: Machine): readonly HealthCheck[] {
  const memory = `${gib(memoryBytes)} in all, ${gib(freeBytes)} free`
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const versions = `Node ${node}, resegment ${codeVersion()}`
  const isOldNode = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
  const zonesYear = Number(/^\d{4}/.exec(zones ?? '')?.[0])
  return [
    memoryBytes < LITTLE_MEMORY_BYTES
      ? warning('memory', memory, 'Give workers 2 GB or more, or lower RESEGMENT_MEMORY_LIMIT (1 GB without it).')
      : ok('memory', memory),
    isOldNode ? problem('versions', versions, `Use Node ${OLDEST_NODE.join('.')} or newer.`) : ok('versions', versions),
    year - zonesYear > OLD_ZONES_YEARS
      ? warning(
          'time-zone data',
          `version ${zones}`,
          'Use a newer Node: periods of zones that changed their rules end at other instants.',
        )
      : ok('time-zone data', `version ${zones ?? 'unknown'}`),
  ]
}

/** Which variables are set, never to what. */
export function lookAtKeys(environment: Environment, secrets: readonly string[]): readonly HealthCheck[] {
  const missing = secrets.filter((name) => !isSet(environment, name))
  return [
    missing.length > 0
      ? problem('secrets', `not set: ${missing.join(', ')}`, 'Set them, or mount them in RESEGMENT_SECRETS_DIR.')
      : ok('secrets', secrets.length === 0 ? 'none are named' : `set: ${secrets.join(', ')}`),
    environment.ledgerKey === undefined
      ? warning(
          'ledger key',
          'RESEGMENT_LEDGER_KEY is not set: ids in ledgers are hashed with a key that the warehouse made and holds',
          'Set it to a secret of 32 characters or more before the first run, the same on all workers.',
        )
      : ok('ledger key', 'RESEGMENT_LEDGER_KEY is set'),
  ]
}

function isSet(environment: Environment, name: string): boolean {
  try {
    return environment.secret(name) !== ''
  } catch {
    return false
  }
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GB`
}
