import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { askGuesses } from '../../src/cli/ask-guesses.ts'
import { openPrompts, type Prompts } from '../../src/cli/prompts.ts'
import { noCorrections } from '../../src/init/corrections.ts'
import type { SourceGuess } from '../../src/init/guesses.ts'
import { place } from '../init/place.ts'

const payments = place(
  'payments',
  ['order', 'kind', 'paid'],
  [
    ['o1', 'card', '3.5'],
    ['o2', 'cash', '4.5'],
    ['o3', 'card', '7.5'],
    ['o4', 'cash', '1.5'],
  ],
)
const events = place(
  'clicks',
  ['user_id', 'ts', 'event'],
  [
    ['a', '2024-01-01', 'view'],
    ['b', '2024-01-02', 'view'],
  ],
)

/** A person who has decided before what to answer; notes what was asked and proposed. */
function person(answers: readonly (string | null)[]): Prompts & { readonly asked: string[] } {
  const left = [...answers]
  const asked: string[] = []
  return {
    asked,
    choose(question, choices, initial) {
      asked.push(`${question} [${initial}]`)
      const answer = left.shift() ?? null
      if (answer !== null && !choices.some(({ value }) => value === answer))
        throw new Error(`${question} has no ${answer} among ${choices.map(({ value }) => value).join()}`)
      return Promise.resolve(answer as never)
    },
  }
}

async function talk(places: readonly ReturnType<typeof place>[], prompts: Prompts) {
  const shown: unknown[] = []
  const sources = await askGuesses(
    { places, prompts, files: ['resegment.yaml'], show: (guessed) => shown.push(guessed) },
    noCorrections,
  )
  return { shown, sources: sources as readonly SourceGuess[] | null }
}

it('writes at the first answer when the guesses are right', async () => {
  const prompts = person(['write'])
  const { sources } = await talk([events], prompts)
  expect(sources).toMatchObject([{ role: 'customers' }, { role: 'events' }])
  expect(prompts.asked).toEqual(['Are the guesses right? [write]'])
})

it('asks for the column that is missing, guesses again and shows it', async () => {
  const prompts = person(['column', 'customer_id', 'order', 'write'])
  const { sources, shown } = await talk([payments], prompts)
  expect(sources).toMatchObject([{ role: 'customers', columns: [{ column: 'customer_id', from: 'order' }, {}, {}] }])
  expect(shown).toHaveLength(2)
  expect(prompts.asked).toEqual([
    'What is it? [column]',
    'Which name has another column? [customer_id]',
    'Which column of payments is customer_id? [order]',
    'Are the guesses right? [write]',
  ])
})

it('takes a role for a place, proposing the one it has', async () => {
  const prompts = person(['role', 'clicks', 'none', 'stop'])
  const { sources } = await talk([payments, events], prompts)
  expect(sources).toBeNull()
  expect(prompts.asked).toEqual([
    'Are the guesses right? [write]',
    'Which file or table? [payments]',
    'What is clicks? [events]',
    'What is it? [column]',
  ])
})

it('writes nothing when the person leaves, and leaves a correction when the person leaves that', async () => {
  expect((await talk([events], person([null]))).sources).toBeNull()
  expect((await talk([events], person(['role', null, 'write']))).sources).toMatchObject([{ role: 'customers' }, {}])
})

it('at a terminal Enter takes what is proposed, arrows another, Ctrl-C nothing', async () => {
  const choices = [
    { value: 'a', label: 'Apples' },
    { value: 'b', label: 'Pears' },
  ] as const
  const press = async (keys: string): Promise<string | null> => {
    const input = new PassThrough()
    const output = new PassThrough()
    output.resume()
    const answer = openPrompts(input, output).choose<'a' | 'b'>('Which?', choices, 'b')
    for (const key of keys.split(' ')) input.write(key)
    return answer
  }
  expect(await press('\r')).toBe('b')
  expect(await press('\u001b[A \r')).toBe('a')
  expect(await press('\u0003')).toBeNull()
})
