import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Effect, EffectLine } from '../ports/activation.ts'

/** Effects of a file that the ledger wrote. */
export async function* readEffects(path: string): AsyncGenerator<Effect> {
  for await (const { effect } of readLines(path)) yield effect
}

/** The same a batch at a time: lines of a batch follow one another. */
export async function* readBatches(
  path: string,
): AsyncGenerator<{ readonly number: number; readonly effects: readonly Effect[] }> {
  let batch: { number: number; effects: Effect[] } | undefined
  for await (const { batch: number, effect } of readLines(path)) {
    if (batch && batch.number !== number) yield batch
    if (batch?.number !== number) batch = { number, effects: [] }
    batch.effects.push(effect)
  }
  if (batch) yield batch
}

async function* readLines(path: string): AsyncGenerator<EffectLine> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
    yield JSON.parse(line) as EffectLine
}
