import type { ComputeSession } from '../ports/compute-engine.ts'
import { findTargets } from '../stages/validate/resolve-overrides.ts'
import type { OverrideTarget, ResolvedOverride } from '../stages/validate/resolve-overrides.ts'
import {
  compileStated,
  COUNT_STATED,
  JUDGE_STATED,
  readStatedCount,
  shownReasons,
  STATED_REASONS,
  STATED_WORDS,
} from '../stages/validate/stated-overrides.ts'
import type { StatedCount } from '../stages/validate/stated-overrides.ts'

/** What the rows of role `overrides` come to; they are table `judged` of the session. */
export interface StatedOverrides {
  readonly counts: readonly StatedCount[]
  /** Of the rows with an effect. */
  readonly reasons: readonly string[]
}

/**
 * Judges the clean rows of role `overrides`. A word that no segment has, or several, spoils no run: the table is edited by others.
 *
 * @param written what the pipeline's file says, which comes first
 */
export async function judgeStatedOverrides(
  session: ComputeSession,
  files: readonly string[],
  targets: readonly OverrideTarget[],
  written: readonly ResolvedOverride[],
): Promise<StatedOverrides> {
  await session.execute(compileStated(files))
  const words = (await session.rows(STATED_WORDS)).flatMap(({ segment }) => {
    const found = findTargets(String(segment), targets)
    return found.length === 1 ? [{ segment: String(segment), cluster: found[0]!.cluster }] : []
  })
  await session.createTable('stated_words', {
    rowCount: words.length,
    columns: {
      segment: words.map(({ segment }) => segment),
      cluster: Int32Array.from(words, ({ cluster }) => cluster),
    },
  })
  const customers = written.map(({ customer }) => customer)
  await session.createTable('written', { rowCount: customers.length, columns: { customer_id: customers } })
  await session.execute(JUDGE_STATED)
  const reasons = (await session.rows(STATED_REASONS)).map(({ reason }) => String(reason))
  return { counts: (await session.rows(COUNT_STATED)).map(readStatedCount), reasons: shownReasons(reasons) }
}
