import type { MakerContext, ServerProgram } from './server-program.ts'

const SIGN_OF_LIFE_MS = 30_000

/** Builds with `go install`, from the module proxy that Go is configured for. */
export async function buildProgram(program: ServerProgram, folder: string, context: MakerContext): Promise<void> {
  // Needed once a machine: every command would load its hundred files.
  const { execa } = await import('execa')
  const go = { cwd: folder, env: { ...context.variables }, extendEnv: false, reject: false } as const
  const version = await execa('go', ['version'], go)
  if (version.failed) throw new Error('Go is not installed (no "go" on the PATH), so it cannot be built here.')
  context.onStep(
    `Building ${program.title} (${program.name} ${program.version}) with Go: takes ${program.buildTakes}, once per machine.`,
  )
  const begin = performance.now()
  const minutes = (): string => ((performance.now() - begin) / 60_000).toFixed(1)
  const sign = setInterval(
    () => context.onStep(`Still building ${program.title}: ${minutes()} minutes so far.`),
    SIGN_OF_LIFE_MS,
  )
  try {
    const built = await execa('go', ['install', '-ldflags', '-s -w', `${program.goPackage}@v${program.version}`], {
      ...go,
      env: { ...context.variables, GOBIN: folder },
      all: true,
      ...(context.signal ? { cancelSignal: context.signal } : {}),
    })
    if (built.failed)
      throw new Error(`Building it with ${version.stdout} failed: ${lastLines(built.all) || built.shortMessage}`)
    context.onStep(`Built ${program.title} in ${minutes()} minutes.`)
  } finally {
    clearInterval(sign)
  }
}

function lastLines(text: string | undefined): string {
  return (text ?? '').trim().split('\n').slice(-5).join(' / ')
}
