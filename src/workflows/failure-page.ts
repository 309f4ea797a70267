import { fence, plainText, wrapped } from './page-text.ts'
import type { StageFailure } from './stage-failure.ts'

/** What is shown of a failure on the page of its run. */
export interface ShownFailure extends Pick<StageFailure, 'stage' | 'type' | 'what' | 'remedy' | 'next'> {
  /** `Call growth-data. Runbook: https://…`; may be empty. */
  readonly callWhom: string
}

/** The same words as the failure's message; what to click now is in bold. */
export function failureSteps({ stage, type, what, remedy, next, callWhom }: ShownFailure): string {
  const isTable = what.includes('\n')
  const [click = '', command] = next.split(', or ')
  return [
    `**Stage ${stage} failed** (${plainText(type)}): ${isTable ? '' : plainText(what)}`.trim(),
    isTable ? fence(wrapped(what)) : '',
    plainText(remedy),
    `**${click}**${command === undefined ? '' : `, or ${command}`}`,
    plainText(callWhom),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
