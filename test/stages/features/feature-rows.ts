import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { windowStart } from '../../../src/plan/windows.ts'
import { compileFeatures, windowsOf } from '../../../src/stages/features/compile-features.ts'
import type { CompiledFeatures } from '../../../src/stages/features/compile-features.ts'
import { featuresConfig } from '../../../src/stages/features/config.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'

/** Compiles against relation `clean` of the session. */
export async function featuresOf(
  session: ComputeSession,
  config: readonly unknown[],
  { asOf, timezone }: { readonly asOf: string; readonly timezone: string },
): Promise<CompiledFeatures> {
  const columns = (await session.rows('describe select * from clean')).map((row) => String(row.column_name))
  const specs = resolveFeatures(featuresConfig.parse(config), columns)
  const windowStarts = Object.fromEntries(
    windowsOf(specs).map((window) => [window, windowStart(asOf, window, timezone)]),
  )
  return compileFeatures(specs, { asOf, windowStarts }, columns)
}
