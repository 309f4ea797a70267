import type { VerifyInput } from '../activities/verify-activities.ts'
import { formatRunId } from '../run/run-key.ts'
import type { Verification, VerificationProgress } from '../run/verification.ts'

/** A verification as one short Markdown page, for the Temporal UI. @param verification absent: it is under way */
export function renderVerificationPage(
  input: VerifyInput,
  { at, stages }: VerificationProgress,
  verification?: Verification,
): string {
  return [
    `**${formatRunId(input)}** computed again · **${verification ? verification.answer.replaceAll('_', ' ') : at}**`,
    ...stages.map(({ stage, how, isEqual }) => `- ${stage}: ${how}, ${isEqual ? 'equal' : 'other content'}`),
    ...(verification?.reasons ?? []),
  ].join('\n\n')
}
