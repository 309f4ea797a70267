import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { RunOptions } from '../plan/run-plan.ts'
import { refitPolicies } from '../run/refit-policy.ts'
import { runKinds } from '../run/run-kind.ts'
import { dryStageNames } from '../run/stage.ts'

/**
 * Checked where every run begins: in Temporal people start one with an argument that they wrote.
 *
 * @throws ConfigInvalid
 */
export function checkOptions(options: RunOptions = {}): void {
  checkKind(options)
  checkUntil(options)
  checkRefit(options)
  checkSample(options)
  checkHistorical(options)
}

function checkKind({ kind = 'refit' }: RunOptions): void {
  if (!runKinds.includes(kind))
    throw new ConfigInvalid(
      `"kind": ${JSON.stringify(kind)} is no kind of run.`,
      `Write one of ${runKinds.join(', ')}, or leave it out.`,
    )
}

function checkUntil({ dryRun = false, until }: RunOptions): void {
  if (until === undefined) return
  if (!dryStageNames.includes(until))
    throw new ConfigInvalid(
      `"until": ${JSON.stringify(until)} is no stage at which a dry run can stop.`,
      `Write one of ${dryStageNames.join(', ')}.`,
    )
  if (!dryRun)
    throw new ConfigInvalid(
      `A run that publishes cannot stop after stage ${until}.`,
      'Add "dryRun": true beside "until", or leave "until" out.',
    )
}

function checkRefit({ kind = 'refit', refit }: RunOptions): void {
  if (refit === undefined) return
  if (!refitPolicies.includes(refit))
    throw new ConfigInvalid(
      `"refit": ${JSON.stringify(refit)} does not say when a run refits.`,
      `Write one of ${refitPolicies.join(', ')}, or leave it out.`,
    )
  if (kind === 'score') throw new ConfigInvalid('A score run never refits.', 'Leave "refit" out, or "kind": "score".')
}

function checkSample({ dryRun = false, sample }: RunOptions): void {
  if (sample === undefined) return
  if (!Number.isInteger(sample) || sample < 1)
    throw new ConfigInvalid(
      `"sample": ${JSON.stringify(sample)} is no number of customers.`,
      'Write a whole number of at least 1, or leave it out.',
    )
  if (!dryRun)
    throw new ConfigInvalid(
      `A run that publishes looks at all customers, not at ${sample} of them.`,
      'Add "dryRun": true beside "sample", or leave "sample" out.',
    )
}

function checkHistorical({ historical }: RunOptions): void {
  if (historical === undefined || typeof historical === 'boolean') return
  throw new ConfigInvalid(
    `"historical": ${JSON.stringify(historical)} is neither true nor false.`,
    'Write true to fill in the past, or leave it out.',
  )
}
