import { describe, expect, it } from 'vitest'
import { characters } from '../../../src/run/segment-plan.ts'
import { playbookConfig } from '../../../src/stages/validate/playbook/config.ts'
import { defaultPlays } from '../../../src/stages/validate/playbook/default-plays.ts'
import { findCharacter } from '../../../src/stages/validate/playbook/find-character.ts'
import { planSegments, unknownPlays } from '../../../src/stages/validate/playbook/plan-segments.ts'

const average = { recency: 0, frequency: 0, monetary: 0, tenure: 0 }

describe('the character of a segment', () => {
  // Figures written by hand beside the borders of Cohen's d: 0.2, 0.5, 0.8.
  it.each([
    [{ recency: 0.8, frequency: 1, monetary: 1 }, 'dormant'],
    [{ recency: 0.79, frequency: 0.2 }, 'at_risk'],
    [{ recency: 0.2, monetary: 0.2 }, 'at_risk'],
    [{ recency: 0.19, frequency: 0.5, monetary: 0.5 }, 'champions'],
    [{ frequency: 0.49, monetary: 0.5 }, 'big_spenders'],
    [{ frequency: 0.5, monetary: 0.49 }, 'loyal'],
    [{ tenure: -0.5, frequency: -1 }, 'new'],
    [{ tenure: -0.49, frequency: -0.2 }, 'occasional'],
    [{ monetary: -0.2 }, 'occasional'],
    [{ recency: 0.5 }, 'core'],
    [{}, 'core'],
  ])('with %o is %s', (figures, character) => {
    expect(findCharacter({ ...average, ...figures }).character).toBe(character)
  })
  it('is not guessed where no feature says', () => {
    expect(findCharacter({ recency: null, frequency: null, monetary: null, tenure: null })).toEqual({
      character: 'core',
      because: 'No feature says how recently, how often or for how much they buy.',
    })
  })
})

describe('the plan of a segment', () => {
  const segments = [
    { segmentKey: 'shop-1', name: 'Best', customers: 10, level: 0 },
    { segmentKey: 'shop-2', name: 'Lost', customers: 10, level: 0 },
    { segmentKey: 'shop-3', name: 'Empty', customers: 0, level: 0 },
    { segmentKey: 'shop-4', name: 'Inside', customers: 5, level: 1 },
  ]
  const figures = new Map([['shop-2', { ...average, recency: 1 }]])

  it('takes each field from the key, else the name, else the character, else from what is usual', () => {
    const playbook = playbookConfig.parse({
      segments: { 'shop-2': { message: 'by key' }, Lost: { message: 'by name', offer: 'by name' } },
      characters: { dormant: { message: 'by character', offer: 'by character', channels: ['post'] } },
    })
    const [best, lost, ...others] = planSegments(segments, figures, playbook)
    expect(others).toEqual([])
    expect(best).toMatchObject({ segmentKey: 'shop-1', character: 'core', own: [], ...defaultPlays.core })
    expect(lost).toMatchObject({
      ...defaultPlays.dormant,
      ...{ character: 'dormant', message: 'by key', offer: 'by name', channels: ['post'] },
    })
    expect([...lost!.own].sort()).toEqual(['channels', 'message', 'offer'])
  })

  it('is there for every character', () => {
    for (const character of characters) expect(defaultPlays[character].journey.length, character).toBeGreaterThan(0)
  })

  it('names what the playbook says of no segment', () => {
    const playbook = playbookConfig.parse({ segments: { Best: {}, 'shop-9': {} } })
    expect(unknownPlays(segments, playbook)).toEqual(['shop-9'])
  })
})
