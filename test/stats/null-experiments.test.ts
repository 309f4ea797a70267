import { describe, expect, it } from 'vitest'
import { adjustByBenjaminiHochberg, adjustByHolm } from '../../src/stats/adjust-p-values.ts'
import { compareMeans } from '../../src/stats/compare-means.ts'
import { compareShares } from '../../src/stats/compare-shares.ts'
import { fisherExact } from '../../src/stats/fisher-exact.ts'
import { goodnessOfFit } from '../../src/stats/goodness-of-fit.ts'
import { compareEstimates, compareOddsRatios } from '../../src/stats/homogeneity.ts'
import { momentsOf } from '../../src/stats/moments.ts'
import { powerOfShares } from '../../src/stats/power-of-shares.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

const EXPERIMENTS = 1000
const ALPHA = 0.05
/** Three standard errors of a share of 5 % over that many experiments: chance alone is as far out once in 370 times, and the seeds are fixed. */
const CHANCE = 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / EXPERIMENTS)

/** Share of the experiments that raise an alarm. */
function alarms(seed: number, alarm: (draw: () => number) => boolean): number {
  const draw = uniformDraws(seed)
  let count = 0
  for (let i = 0; i < EXPERIMENTS; i++) if (alarm(draw)) count++
  return count / EXPERIMENTS
}

function drawTally(draw: () => number, size: number, share: number) {
  let count = 0
  for (let i = 0; i < size; i++) if (draw() < share) count++
  return { count, size }
}

/** Six in ten spend nothing; what the others spend is exponential. */
const drawMoney = (draw: () => number, size: number) =>
  momentsOf(Float64Array.from({ length: size }, () => (draw() < 0.6 ? 0 : -20 * Math.log(1 - draw()))))

describe('experiments without an effect', () => {
  it('alarm once in twenty: shares', () => {
    const rate = alarms(
      1,
      (draw) => compareShares(drawTally(draw, 300, 0.2), drawTally(draw, 450, 0.2), 0.95).p < ALPHA,
    )
    expect(Math.abs(rate - ALPHA)).toBeLessThan(CHANCE)
  })

  it('alarm at most once in twenty by the exact test', () => {
    const rate = alarms(2, (draw) => fisherExact(drawTally(draw, 60, 0.1), drawTally(draw, 60, 0.1)) < ALPHA)
    expect(rate).toBeLessThan(ALPHA)
  })

  it('alarm once in twenty: money', () => {
    const rate = alarms(3, (draw) => compareMeans(drawMoney(draw, 150), drawMoney(draw, 220), 0.95).p < ALPHA)
    expect(Math.abs(rate - ALPHA)).toBeLessThan(CHANCE)
  })

  it('have an interval that holds the truth nineteen times in twenty', () => {
    const missed = alarms(4, (draw) => {
      const { interval } = compareShares(drawTally(draw, 300, 0.1), drawTally(draw, 300, 0.15), 0.95)
      return interval.lower > 0.05 || interval.upper < 0.05
    })
    expect(Math.abs(missed - ALPHA)).toBeLessThan(CHANCE)
  })

  it('alarm once in twenty: sizes of arms', () => {
    const rate = alarms(5, (draw) => {
      const { count } = drawTally(draw, 1000, 0.5)
      return goodnessOfFit([count, 1000 - count], [0.5, 0.5]).p < ALPHA
    })
    // The sizes are whole numbers: the level is met to a jump.
    expect(Math.abs(rate - ALPHA)).toBeLessThan(CHANCE + 0.01)
  })

  it('alarm once in twenty: segments of other shares with one effect', () => {
    const bases = [0.1, 0.2, 0.3, 0.5]
    const rate = alarms(6, (draw) => {
      const odds = (share: number): number => (share / (1 - share)) * 1.5
      return (
        compareOddsRatios(
          bases.map(
            (base) => [drawTally(draw, 200, base), drawTally(draw, 200, odds(base) / (1 + odds(base)))] as const,
          ),
        ).p < ALPHA
      )
    })
    expect(Math.abs(rate - ALPHA)).toBeLessThan(CHANCE)
  })

  it('alarm about once in twenty: segments with one effect on money', () => {
    const rate = alarms(7, (draw) => {
      const effects = [1, 2, 3].map(() => compareMeans(drawMoney(draw, 150), drawMoney(draw, 150), 0.95))
      return compareEstimates(effects.map((e) => ({ value: e.difference, standardError: e.standardError }))).p < ALPHA
    })
    expect(rate).toBeLessThan(ALPHA + CHANCE + 0.01)
  })

  it('with ten segments each raise any alarm at all at most once in twenty', () => {
    const anyAlarm = (adjust: (ps: readonly number[]) => readonly number[]) => (draw: () => number) =>
      adjust(
        Array.from({ length: 10 }, () => compareShares(drawTally(draw, 100, 0.3), drawTally(draw, 100, 0.3), 0.95).p),
      ).some((p) => p < ALPHA)
    expect(alarms(8, anyAlarm(adjustByHolm))).toBeLessThan(ALPHA + CHANCE)
    expect(alarms(8, anyAlarm(adjustByBenjaminiHochberg))).toBeLessThan(ALPHA + CHANCE)
    // Without adjustment, by hand: 1 − 0.95¹⁰ = 40 %.
    expect(
      alarms(
        8,
        anyAlarm((ps) => ps),
      ),
    ).toBeGreaterThan(0.3)
  })
})

describe('experiments with an effect', () => {
  it('find it as often as their plan says', () => {
    const planned = powerOfShares(0.1, 0.16, 400, { alpha: ALPHA, ratio: 1 })
    const found = alarms(
      9,
      (draw) => compareShares(drawTally(draw, 400, 0.1), drawTally(draw, 400, 0.16), 0.95).p < ALPHA,
    )
    expect(Math.abs(found - planned)).toBeLessThan(3 * Math.sqrt((planned * (1 - planned)) / EXPERIMENTS))
  })
})
