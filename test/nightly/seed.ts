import { randomInt } from 'node:crypto'

/** The seed of a night: printed, and the one of RESEGMENT_SEED where that is set, to have the same night again. */
export function nightSeed(): number {
  const wanted = Number(process.env['RESEGMENT_SEED'])
  const seed = Number.isInteger(wanted) && wanted > 0 ? wanted : randomInt(1, 2 ** 31)
  console.log(`RESEGMENT_SEED=${seed}`)
  return seed
}

/** Numbers from 0 to 1, the same ones for a seed (mulberry32). */
export function drawsOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
