import { describe, expect, it } from 'vitest'
import { formatDryRunId, parseDryRunId } from '../../src/run/dry-run-id.ts'

describe('the name of a dry run', () => {
  it.each([
    ['shop@2026-10-01~2-dry', {}],
    ['shop@2026-10-01~2-dry-features', { until: 'features' }],
    ['shop@2026-10-01~2-dry-sample-5000', { sample: 5000 }],
    ['shop@2026-10-01~2-dry-cluster-sample-5', { until: 'cluster', sample: 5 }],
  ] as const)('%s is written and read', (text, options) => {
    const run = { runKey: 'shop@2026-10-01', revision: 2 }
    expect(formatDryRunId(run, { dryRun: true, ...options })).toBe(text)
    expect(parseDryRunId(text)).toEqual({ ...run, pipeline: 'shop', options: { dryRun: true, ...options } })
  })

  it('is no other run, and needs its revision', () => {
    for (const text of ['shop@2026-10-01~2', 'shop@2026-10-01-dry', 'shop@2026-10-01~2-dry-publish', 'shop-dry'])
      expect(parseDryRunId(text)).toBeUndefined()
    expect(formatDryRunId({ runKey: 'shop@2026-10-01', revision: 2 }, {})).toBe('shop@2026-10-01~2')
    expect(parseDryRunId('shop@2026-10-01T0600.score~1-dry')).toMatchObject({ runKey: 'shop@2026-10-01T0600.score' })
  })
})
