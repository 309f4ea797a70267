import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'
import { analyseExperiment, type ExperimentAnalysis } from '../../src/experiment/analyse-experiment.ts'
import { experimentAnalysis } from '../../src/report/experiment-analysis.ts'
import { readOutcomes } from '../../src/wiring/read-outcomes.ts'

const FILE = new URL('../../../shared/data/cookie_cats/cookie_cats.csv.gz', import.meta.url).pathname

/** An experiment with 90,189 players of a game: the first gate at level 30 or at level 40. */
describe.skipIf(!existsSync(FILE))('Cookie Cats', () => {
  let analysis: ExperimentAnalysis
  let cacheFolder: string

  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'cookie-cats-'))
    const outcomes = await readOutcomes(
      { ...readEnvironment(), cacheFolder },
      {
        path: FILE,
        control: 'gate_30',
        columns: {
          customer: 'userid',
          arm: 'version',
          segment: 'segment',
          metrics: ['retention_1', 'retention_7', 'sum_gamerounds'],
        },
        members: null,
      },
    )
    analysis = analyseExperiment(outcomes, {
      control: 'gate_30',
      shares: [0.5, 0.5],
      alpha: 0.05,
      correction: 'holm',
      minimumEffect: null,
      resamples: 20,
      seed: 1,
    })
  })
  afterAll(() => rm(cacheFolder, { recursive: true, force: true }))

  it('has the arms that were published, whose sizes leave a doubt but no mismatch', () => {
    expect(analysis.arms.map(({ name, customers }) => [name, customers])).toEqual([
      ['gate_30', 44_700],
      ['gate_40', 45_489],
    ])
    // chisquare([44700, 45489]) of SciPy 1.17.1.
    expect(analysis.sampleRatio).toMatchObject({ isMismatch: false })
    expect(analysis.sampleRatio.p).toBeCloseTo(0.008607987810836262, 10)
  })

  it('has the retention that was published', () => {
    // Published: after a day 44.82 % and 44.23 %, after seven 19.02 % and 18.20 %.
    const [day, week] = analysis.effects.map(({ overall }) => overall!)
    const percent = (share: number): string => (share * 100).toFixed(2)
    expect([percent(day!.control), percent(day!.arm)]).toEqual(['44.82', '44.23'])
    expect([percent(week!.control), percent(week!.arm)]).toEqual(['19.02', '18.20'])
    // proportions_ztest and confint_proportions_2indep('newcomb') of statsmodels 0.15.0, fisher_exact of SciPy.
    expect(week!.difference).toBeCloseTo(-0.008201298315205913, 12)
    expect(week!.p).toBeCloseTo(0.001554249975614329, 12)
    expect(week!.interval.lower).toBeCloseTo(-0.013281940871914845, 12)
    expect(week!.interval.upper).toBeCloseTo(-0.00312130268876128, 12)
    expect(week!.exactP).toBeCloseTo(0.001590961583984235, 10)
  })

  it('says that a later gate loses players after a week, and not more', () => {
    expect(analysis.effects.map(({ metric, verdict }) => [metric, verdict.outcome])).toEqual([
      ['retention_1', 'not-known'],
      ['retention_7', 'lower'],
      ['sum_gamerounds', 'not-known'],
    ])
    const lines = experimentAnalysis('gates', analysis).join('\n')
    expect(lines).toContain(
      'gate_40 makes retention_7 lower by 0.82 points (−1.33 points to −0.31 points; p = 0.0047).',
    )
    expect(lines).toContain('Not known what gate_40 does to retention_1')
  })
})
