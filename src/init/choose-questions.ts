import type { ChosenLine } from './choose-pipeline.ts'
import { featureName } from './feature-name.ts'
import { guessOf, type SourceGuess } from './guesses.ts'

const MOST_QUESTIONS = 4
const MOST_ANSWERS = 12

/** Questions of a survey that most were asked: those answered by figures as numbers, those with few answers as categories. */
export function chooseQuestions(source: SourceGuess): readonly ChosenLine[] {
  const at = (column: string): number =>
    source.place.columns.findIndex(({ name }) => name === guessOf(source, column)?.from)
  const [question, answer] = [at('question'), at('answer')]
  const asked = new Map<string, string[]>()
  for (const row of source.place.rows) {
    const [name, given] = [row[question]?.trim(), row[answer]?.trim()]
    if (name && given) asked.set(name, [...(asked.get(name) ?? []), given])
  }
  const taken = new Set<string>()
  return [...asked]
    .toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .flatMap(([name, given]) => {
      const figures = given.filter((value) => /^[+-]?\d+([.,]\d+)?$/.test(value)).length
      const answers = new Set(given).size
      const feature = figures >= 0.9 * given.length ? 'surveyNumber' : answers <= MOST_ANSWERS ? 'surveyAnswer' : null
      if (feature === null || answers < 2) return []
      const value = { [feature]: { question: name, as: featureName(name, taken) } }
      return [{ value, because: `${answers} different answers in the first rows` }]
    })
    .slice(0, MOST_QUESTIONS)
}
