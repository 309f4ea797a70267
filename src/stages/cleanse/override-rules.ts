import { z } from 'zod'
import { action, maxShare } from './rule-keys.ts'

const ofOverrides = z.literal('overrides').describe('The role; it has this rule, with drop, by itself.')

export const inactive = z.strictObject({
  rule: z.literal('inactive').describe('Overrides that have ended by the as-of, or begin after it.'),
  of: ofOverrides,
  do: action(['drop', 'quarantine', 'fail']).default('drop'),
  maxShare,
})

export const contested = z.strictObject({
  rule: z.literal('contested').describe('Overrides that put one customer into several segments: all of them match.'),
  of: ofOverrides,
  do: action(['drop', 'quarantine', 'fail']).default('drop'),
  maxShare,
})
