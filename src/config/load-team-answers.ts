import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ANSWERS_FILE } from '../scorecard/score.ts'
import { type Answer, type TeamAnswers, teamAnswersConfig } from '../scorecard/team-answers.ts'
import { teamAnswersSchema } from './json-schema.ts'
import { readChecked } from './load-project.ts'
import { refuse } from './problem-text.ts'

/**
 * Number of the question → what the team says; empty without the file.
 *
 * @throws ConfigInvalid naming every problem of the file
 */
export function loadTeamAnswers(folder: string): ReadonlyMap<number, Answer> {
  if (!existsSync(join(folder, ANSWERS_FILE))) return new Map()
  const { value, problems } = readChecked<TeamAnswers>(folder, ANSWERS_FILE, teamAnswersConfig, teamAnswersSchema)
  if (!value) throw refuse(problems)
  return new Map(Object.entries(value.answers).map(([number, answer]) => [Number(number), answer!]))
}
