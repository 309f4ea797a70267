import { describe, expect, it } from 'vitest'
import type { LiveEvidence, PipelineEvidence, ScorecardEvidence } from '../../src/scorecard/evidence.ts'
import { judge, questions } from '../../src/scorecard/score.ts'

const NOW = '2026-11-22T12:00:00.000Z'

const segment = (number: number, share: number, more = {}) => ({
  ...{ segmentKey: `shop-${number}`, name: `Segment ${number}`, isNamed: false, description: 'buys', owner: '' },
  ...{ customers: share * 1000, share },
  ...more,
})
const live = (more: Partial<LiveEvidence> = {}): LiveEvidence => ({
  run: 'shop@2026-10-01~1',
  publishedAt: '2026-10-02T06:00:00.000Z',
  asOf: '2026-10-01T00:00:00.000Z',
  staleAfter: null,
  moved: null,
  segments: [segment(1, 0.5), segment(2, 0.3), segment(3, 0.2)],
  publishedAts: ['2026-10-02T06:00:00.000Z'],
  candidates: 0,
  decidedAts: [],
  syncs: [],
  money: null,
  kpis: [],
  plans: { segments: 3, own: 0 },
  ...more,
})
const pipeline = (more: Partial<PipelineEvidence> = {}): PipelineEvidence => ({
  pipeline: 'shop',
  method: 'kmeans',
  owner: '',
  contact: '',
  rhythm: null,
  roles: ['transactions'],
  features: [{ name: 'recency', feature: 'recency', group: 'behaviour' }],
  destinations: [],
  holdout: null,
  channels: 0,
  live: null,
  ...more,
})
const evidence = (...pipelines: readonly PipelineEvidence[]): ScorecardEvidence => ({
  now: NOW,
  pipelines,
  answers: new Map(),
})
const ask = (number: number, known: ScorecardEvidence) => judge(known).questions.find((one) => one.number === number)!

describe('the questions', () => {
  it('are eighteen, each with its number, with at least one sign, and a way to raise what can be raised', () => {
    expect(questions.map(({ number }) => number)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1))
    for (const { number, signs } of questions) expect(signs.length, String(number)).toBeGreaterThan(0)
    expect(questions.flatMap(({ signs }) => signs).filter(({ raise }) => raise === '')).toEqual([])
  })

  it('are answered by nothing where there is nothing: what the data could tell is no, what people could tell is unknown', () => {
    const card = judge(evidence())
    expect(card.score).toBe(0)
    const signs = card.questions.flatMap((question) => question.signs)
    expect(signs.filter(({ met }) => met !== 0 && met !== null)).toEqual([])
    // By hand: eight questions also ask the team, one of three signs (13: of two, 4: of four), so that a third (half, a quarter) is open.
    const most = [8, 9, 10, 14, 15, 16].map(() => 100 / 3).concat(50, 25)
    expect(card.most).toBe(Math.round(most.reduce((sum, one) => sum + Math.round(one), 0) / 18))
  })
})

describe('a sign', () => {
  it('of what is live says from which run and how old, and what to do when it is not there', () => {
    const known = evidence(pipeline({ live: live() }))
    expect(ask(5, known).signs).toEqual([
      {
        wanted: 'Customers are in segments that others can read.',
        met: 1,
        because: 'shop has 3 segments live, of run shop@2026-10-01~1.',
        where: 'view customer_segments',
        at: '2026-10-02T06:00:00.000Z',
        raise: null,
        command: null,
      },
      expect.objectContaining({
        met: 1,
        because: 'Run shop@2026-10-01~1 looks from 52 days ago.',
      }),
    ])
    const old = evidence(pipeline({ live: live({ staleAfter: '2026-11-01T00:00:00.000Z' }) }))
    expect(ask(5, old)).toMatchObject({ score: 50, signs: [{ met: 1 }, { met: 0, command: 'resegment run PIPELINE' }] })
  })

  it('counts by degrees where it can be half there: two of three segments are named', () => {
    const segments = [segment(1, 0.5, { isNamed: true }), segment(2, 0.3, { isNamed: true }), segment(3, 0.2)]
    const question = ask(12, evidence(pipeline({ live: live({ segments }) })))
    expect(question.signs.map(({ met }) => met)).toEqual([1, 1 - 1 / 3, 0])
    // (100 + 66.7 + 0) / 3
    expect(question.score).toBe(56)
    expect(question.signs[1]!.because).toBe('Nobody named shop-3.')
  })

  it('of the largest segment is lost when most customers are in it', () => {
    const segments = [segment(1, 0.61), segment(2, 0.39)]
    expect(ask(1, evidence(pipeline({ live: live({ segments }) }))).signs[1]).toMatchObject({
      met: 0,
      because: 'The largest, “Segment 1”, has 61 %.',
    })
  })

  it('of earnings names the segment that brings most, with the customers that it takes', () => {
    const shares = [
      { segmentKey: 'shop-1', name: 'Everyday', share: 0.3, ofCustomers: 0.8 },
      { segmentKey: 'shop-2', name: 'Champions', share: 0.7, ofCustomers: 0.2 },
    ]
    const known = evidence(pipeline({ live: live({ money: { feature: 'monetary', shares } }) }))
    expect(ask(7, known)).toMatchObject({
      score: 100,
      signs: [{ because: '“Champions” brings 70 % of monetary with 20 % of the customers.' }],
    })
  })

  it('that only a second publication can show is unknown before it, and judged after', () => {
    expect(ask(16, evidence(pipeline({ live: live() }))).signs[0]).toMatchObject({ met: null })
    const steady = (moved: number) => ask(16, evidence(pipeline({ live: live({ moved }) }))).signs[0]!.met
    expect([steady(0.35), steady(0.36)]).toEqual([1, 0])
  })

  it('of regular renewal counts publications of the last twelve months only', () => {
    const publishedAts = ['2026-10-02', '2026-07-02', '2025-11-20', '2025-07-02'].map((day) => `${day}T06:00:00.000Z`)
    expect(ask(11, evidence(pipeline({ live: live({ publishedAts }) }))).signs[0]).toMatchObject({
      met: 0.5,
      because: 'shop was published 2 times in the last twelve months.',
    })
  })
})

describe('what figures and plans say', () => {
  const kpi = (name: string, segments: number, differing: number) => ({ kpi: name, segments, differing })
  const metOf = (number: number, more: Partial<LiveEvidence>) =>
    ask(number, evidence(pipeline({ live: live(more) }))).signs.map(({ met }) => met)

  it('counts figures of two segments or more', () => {
    expect(metOf(9, { kpis: [kpi('returnOnSpend', 2, 0)] })[1]).toBe(1)
    expect(metOf(9, { kpis: [kpi('returnOnSpend', 1, 0)] })[1]).toBe(0)
    expect(metOf(14, { kpis: [kpi('nps', 3, 0)] })[1]).toBe(1)
  })

  it('asks whether segments differ by more than chance, which nothing may tell', () => {
    expect(metOf(15, { kpis: [kpi('retention', 3, 1)] })[1]).toBe(1)
    expect(metOf(15, { kpis: [kpi('retention', 3, 0)] })[1]).toBe(0)
    expect(metOf(15, { kpis: [kpi('conversion', 3, 3)] })[1]).toBeNull()
  })

  it('counts only plans that people wrote', () => {
    expect(metOf(8, { plans: { segments: 4, own: 1 } })[1]).toBe(0.25)
    expect(metOf(4, { plans: { segments: 4, own: 0 } })[2]).toBe(0)
  })
})

describe('what the team says', () => {
  const said = (answer: 'yes' | 'partly' | 'no', on: string): ScorecardEvidence => ({
    ...evidence(pipeline({ live: live() })),
    answers: new Map([[9, { answer, by: 'ada', on, note: 'see the plan of 2027' }]]),
  })

  it('counts, with who said it and when', () => {
    expect(ask(9, said('partly', '2026-11-01')).signs.at(-1)).toMatchObject({
      met: 0.5,
      because: 'ada says partly: see the plan of 2027.',
      where: 'scorecard.yaml, answer 9',
      at: '2026-11-01T00:00:00.000Z',
    })
    expect(ask(9, said('yes', '2026-11-01'))).toMatchObject({ score: 33, most: 33 })
    expect(ask(9, said('no', '2026-11-01'))).toMatchObject({ score: 0, most: 0 })
  })

  it('is asked again after a year', () => {
    expect(ask(9, said('yes', '2025-11-01'))).toMatchObject({ score: 0, most: 33 })
    expect(ask(9, said('yes', '2025-11-01')).signs.at(-1)!.because).toBe('ada said "yes" more than a year ago.')
  })
})
