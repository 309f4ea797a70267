import { stderr, stdin } from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { isCancel, select } from '@clack/prompts'

export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly hint?: string
}

/** Questions to a person. */
export interface Prompts {
  /** @returns null when the person wants to stop */
  choose<Value extends string>(
    question: string,
    choices: readonly Choice<Value>[],
    initial: Value,
  ): Promise<Value | null>
}

/** Questions at the terminal; results go to stdout, so these go to stderr. */
export function openPrompts(input: Readable = stdin, output: Writable = stderr): Prompts {
  return {
    async choose(question, choices, initial) {
      const answer = await select<string>({
        message: question,
        options: choices.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) })),
        initialValue: initial,
        maxItems: 12,
        input,
        output,
      })
      return isCancel(answer) ? null : choices.find(({ value }) => value === answer)!.value
    },
  }
}
