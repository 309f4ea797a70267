// Runs before every npm script, with whatever Node the machine has: makes node_modules complete, so that the script itself runs on the
// Node of package.json. Node's own modules only. Does nothing, and says nothing, when there is nothing to do.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lockFolder = join(root, 'node_modules', '.setup-lock')
/** The holder touches the lock all the time: an untouched one was left by a set-up that was killed. */
const LOCK_SILENT_MS = 20_000

const reason = whatIsMissing()
if (reason) process.exitCode = await setUp(reason)

/** @returns {Promise<number>} exit code */
async function setUp(reason) {
  const release = await acquireLock()
  try {
    if (!whatIsMissing()) return 0 // Another set-up did it meanwhile.
    say(`Installing packages (${reason}): takes about a minute, needs the npm registry.`)
    const begin = Date.now()
    // Not `npm ci`: it refuses a package-lock.json that was made with a registry that lacks the packages of other systems.
    // Versions come from package-lock.json all the same, and --no-save leaves that file alone.
    const status = await runNpm(['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
    const left = status === 0 ? whatIsMissing() : `npm ended with exit code ${status}`
    if (!left) say(`Installed packages in ${Math.round((Date.now() - begin) / 1000)} s.`)
    else {
      say(`The packages could not be installed: ${left}.`)
      say(
        'Check that the npm registry can be reached and that install scripts may run (npm config get ignore-scripts), then try again.',
      )
    }
    return left ? 1 : 0
  } finally {
    release()
  }
}

/** @returns {string | undefined} why an installation is needed */
function whatIsMissing() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return 'node_modules is missing or incomplete'
  const locked = readPackages(join(root, 'package-lock.json')) ?? {}
  for (const [path, wanted] of Object.entries(locked)) {
    const found = installed[path]
    if (path === '' || (!found && (wanted.optional || wanted.peer))) continue
    if (!found) return `${path} is missing`
    if (found.version !== wanted.version) return `${path} is ${found.version}, wanted ${wanted.version}`
  }
  // The package `node` fetches its program in an install script, which a setting may forbid.
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return isFile(node)
    ? undefined
    : `the Node program of package.json (${locked['node_modules/node']?.version}) is missing`
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** @returns {Promise<number>} exit code */
function runNpm(args) {
  // The npm that runs us, not another one on the PATH.
  const cli = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined
  // On stderr: stdout belongs to the script that follows.
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const npm = cli ? spawn(process.execPath, [cli, ...args], options) : spawn('npm', args, { ...options, shell: true })
  return new Promise((resolve) => {
    npm.on('error', () => resolve(127))
    npm.on('exit', (code) => resolve(code ?? 1))
  })
}

/** @returns {Promise<() => void>} releases it */
async function acquireLock() {
  mkdirSync(dirname(lockFolder), { recursive: true })
  for (let attempt = 0; ; attempt++) {
    try {
      mkdirSync(lockFolder)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const touched = statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs
    if (touched !== undefined && Date.now() - touched > LOCK_SILENT_MS)
      rmSync(lockFolder, { recursive: true, force: true })
    else if (attempt === 4) say('Another set-up is installing packages here; waiting for it.')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  const touch = setInterval(() => utimesSync(lockFolder, new Date(), new Date()), LOCK_SILENT_MS / 10)
  const release = () => {
    clearInterval(touch)
    rmSync(lockFolder, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      release()
      process.exit(1)
    })
  return release
}

function say(line) {
  process.stderr.write(`resegment: ${line}\n`)
}
