import { describe, expect, it } from 'vitest'
import { describeTrouble } from '../../src/report/notices/trouble-notice.ts'
import { describeRunNotice } from '../../src/report/notices/run-notice.ts'
import type { RunOccasion } from '../../src/run/run-occasion.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import { workflowAddress } from '../../src/run/workflow-address.ts'
import { makeDefinition } from '../workflows/definition.ts'

const definition = makeDefinition({ targetName: 'prod', approval: { by: ['ada'], within: '5 days' } })
const status: RunStatus = {
  ...{ runKey: 'shop@2026-10-01', revision: 1, pipeline: 'shop', kind: 'refit', period: '2026-Q3' },
  ...{ asOf: '2026-09-30T22:00:00.000Z', status: 'published', verdict: 'warn', stages: [], artifacts: {} },
  segments: [
    { segmentKey: 'shop-2', name: 'Lapsed', customers: 2, share: 0.002 },
    { segmentKey: 'shop-1', name: 'Champions', customers: 998, share: 0.998 },
  ],
  checks: [
    { gate: 'membershipChurn', value: 0.21, outcome: 'warn', threshold: 'above 0.2' },
    { gate: 'smallestSegment', value: 0.1, outcome: 'pass', threshold: null },
  ],
  moved: 212,
  moves: {
    largest: [
      {
        ...{ from: 'Lapsed', to: 'Champions', fromSegmentKey: 'shop-2', toSegmentKey: 'shop-1' },
        ...{ moveReason: 'behaviour', customers: 200 },
      },
      {
        ...{ from: null, to: 'Champions', fromSegmentKey: null, toSegmentKey: 'shop-1' },
        ...{ moveReason: 'new', customers: 30 },
      },
    ],
    otherCustomers: 12,
  },
  lineage: [
    {
      ...{ fromSegmentKey: 'shop-1', toSegmentKey: 'shop-1', kind: 'survived' },
      ...{ overlap: 0.6, parentShare: 0.9, childShare: 0.5 },
    },
    {
      ...{ fromSegmentKey: 'shop-3', toSegmentKey: 'shop-1', kind: 'absorbed' },
      ...{ overlap: 0.4, parentShare: 0.75, childShare: 0.5 },
    },
  ],
  pages: { html: 's3://bucket/page.html', markdown: 's3://bucket/page.md' },
  ...{ manifestUri: null, workflowId: 'shop@2026-10-01~1', temporalRunId: 'run-a' },
}
const tell = (occasion: RunOccasion, facts: Partial<RunStatus> = {}) =>
  describeRunNotice({ definition, status: { ...status, ...facts }, occasion, temporalUi: null })

describe('what people are told', () => {
  it('of a run that filled in the past does not pass for a publication', () => {
    const occasion = { kind: 'published', publicationId: 7, manifestUri: null, decision: null } as const
    const notice = tell({ ...occasion, isHistorical: true })
    expect(notice.subject).toBe('[prod] shop@2026-10-01~1 has filled in the past')
    expect(notice.sentences[0]).toBe('It is in the history alone. What was live stays live.')
    expect(notice.sentences.slice(1)).toEqual(tell(occasion).sentences)
  })

  it('of a publication is five sentences: segments, who moved, why, verdict, what became of segments', () => {
    const notice = tell({
      kind: 'published',
      publicationId: 7,
      manifestUri: 's3://bucket/manifest.json',
      decision: null,
    })
    expect(notice).toMatchObject({
      key: 'shop/shop@2026-10-01~1/published/7',
      subject: '[prod] shop@2026-10-01~1 is published',
      contact: 'growth-data, #growth-data',
      runbook: 'https://wiki.example/segments',
    })
    expect(notice.sentences).toEqual([
      '2 segments of 1,000 customers: Champions 99.8 %, Lapsed.',
      '212 customers changed segment. Most go from “Lapsed” to “Champions”: 200.',
      'Why: behaved differently: 200, new customer: 30.',
      'Verdict: warn; not passed: membershipChurn (warn: above 20 %).',
      'shop-3 was absorbed: 75 % of it went to shop-1.',
    ])
    expect(notice.links).toEqual([
      { title: 'Comparison', address: 's3://bucket/page.html' },
      { title: 'Files', address: 's3://bucket/manifest.json' },
    ])
    expect(notice.steps).toEqual([
      { text: 'The whole comparison:', command: 'resegment compare shop@2026-10-01~1 --target prod --open' },
    ])
  })

  it('of a first publication says that there was nothing before', () => {
    const first = { moved: null, moves: null, lineage: [], verdict: 'pass', checks: [] } as const
    expect(
      tell({ kind: 'published', publicationId: 1, manifestUri: null, decision: null }, first).sentences.slice(1),
    ).toEqual([
      'First run: there was nothing to compare with.',
      'Nothing was live before.',
      'Verdict: pass.',
      'All segments are new.',
    ])
  })

  it('of a failure is stage, cause, remedy, and what to click or type', () => {
    const failure = {
      ...{ stage: 'extract', type: 'SourceEmpty', what: 'No row came.', remedy: 'Load it.', resetEventId: 17 },
      next: 'Rerun: Start Workflow Like This One with revision: next.',
    }
    const notice = tell({ kind: 'failed', failure }, { status: 'failed', pages: undefined })
    expect(notice.subject).toBe('[prod] shop@2026-10-01~1 failed in extract: SourceEmpty')
    expect(notice.sentences).toEqual([
      'Stage extract failed (SourceEmpty): No row came.',
      'Load it.',
      'What was live stays live.',
    ])
    expect(notice.steps).toEqual([{ text: failure.next }])
    expect(notice.key).toBe('shop/shop@2026-10-01~1/failed/run-a-17')
    // Before there is a plan nothing but the workflow has a name.
    expect(tell({ kind: 'failed', failure }, { runKey: '', workflowId: 'dev/shop@2026-10-01~1' }).run).toBe(
      'shop@2026-10-01~1',
    )
  })

  it('of a held run is which gate, who may decide until when, and a command for each door', () => {
    const held = {
      status: 'held',
      checks: [{ gate: 'membershipChurn', value: 0.4, outcome: 'hold', threshold: 'above 0.35' }],
      hold: { since: '2026-10-01T06:00:00.000Z', remindedAt: [] },
    } as const
    const notice = tell({ kind: 'held', digest: 'd' }, held)
    expect(notice.sentences).toEqual([
      'membershipChurn: 40.0 %, hold: above 35 %.',
      '2 segments of 1,000 customers: Champions 99.8 %, Lapsed.',
      '212 customers would change segment. Most go from “Lapsed” to “Champions”: 200.',
      'Why: behaved differently: 200, new customer: 30.',
      'Waiting since 2026-10-01 06:00 UTC. ada may decide. Without a decision within 5 days the run is rejected.',
    ])
    expect(notice.steps.map(({ command }) => command)).toEqual([
      'resegment compare shop@2026-10-01~1 --target prod --open',
      'resegment moves shop@2026-10-01~1 --target prod',
      'resegment approve shop@2026-10-01~1 --target prod --reason "…"',
      'resegment reject shop@2026-10-01~1 --target prod --reason "…"',
      undefined,
    ])
    expect(tell({ kind: 'reminded', waited: '2 days' }, held).subject).toBe(
      '[prod] shop@2026-10-01~1 has been waiting for a decision for 2 days',
    )
  })

  it('of a decision is who took it and why; of an overtaken run by which', () => {
    const decision = { decision: 'reject', digest: 'd', reason: 'Odd.', by: 'ada', updateId: 'u' } as const
    expect(tell({ kind: 'rejected', decision }).sentences[0]).toBe('Rejected by ada: Odd.')
    const late = { ...decision, by: 'timeout', reason: 'Nobody decided within 5 days.' }
    expect(tell({ kind: 'rejected', decision: late }).sentences[0]).toBe(
      'Rejected for want of a decision: Nobody decided within 5 days.',
    )
    const successor = { runId: 'shop@2027-01-01~1', asOf: '2026-12-31T23:00:00.000Z' }
    expect(tell({ kind: 'superseded', successor }).sentences[0]).toMatch(/^shop@2027-01-01~1 was published meanwhile/)
  })

  it('of a trouble is told once when it begins and once when it is over', () => {
    const trouble = {
      kind: 'retrying',
      ...{ about: 'shop@2026-10-01~1', run: 'shop@2026-10-01~1', since: '2026-10-01T06:00:00.000Z' },
      ...{ what: 'extract failed 9 times.', remedy: 'Look.', command: 'resegment retry shop@2026-10-01~1' },
    } as const
    const begins = describeTrouble(definition, trouble, 'begins')
    const over = describeTrouble(definition, trouble, 'over')
    expect(begins).toMatchObject({ kind: 'retrying', subject: '[prod] shop@2026-10-01~1 goes on failing' })
    expect(begins.sentences).toEqual(['extract failed 9 times.', 'Since 2026-10-01 06:00 UTC.', 'Look.'])
    expect(over).toMatchObject({
      kind: 'resolved',
      subject: '[prod] over: shop@2026-10-01~1 goes on failing',
      steps: [],
    })
    expect(over.key).toBe(`${begins.key}-over`)
  })

  it('links to the run where the Temporal UI is known', () => {
    expect(workflowAddress('https://temporal.example/', 'team', 'dev/shop@2026-10-01~1', 'run-a')).toBe(
      'https://temporal.example/namespaces/team/workflows/dev%2Fshop%402026-10-01~1/run-a',
    )
  })
})
