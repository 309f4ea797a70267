import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { feedbackConfig, type WrittenFeedback } from '../plan/feedback.ts'
import { feedbackSchema } from './json-schema.ts'
import { readChecked } from './load-project.ts'
import { refuse } from './problem-text.ts'

/** @param file relative to where the command is called; @throws ConfigInvalid naming every problem of the file */
export function loadFeedback(file: string): readonly WrittenFeedback[] {
  const path = resolve(file)
  if (!existsSync(path))
    throw new ConfigInvalid(`There is no file ${file}, looked for as ${path}.`, 'Name a YAML file with --file.')
  const { value, problems } = readChecked<{ readonly feedback: WrittenFeedback[] }>(
    dirname(path),
    basename(path),
    feedbackConfig,
    feedbackSchema,
  )
  if (!value) throw refuse(problems)
  return value.feedback
}
