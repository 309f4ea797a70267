import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

const HISTORIES = ['repeatPurchases', 'purchaseAge', 'observedAge', 'meanRepeatSpend']

function problemsOf(cluster: string, features: readonly string[] = HISTORIES): readonly string[] {
  const changes = {
    pipeline: [
      ['  - recency\n', features.map((name) => `  - ${name}\n`).join('')],
      ['cluster: { count: { from: 3, to: 6 } }', `cluster: { method: predictive${cluster} }`],
    ],
  } as const
  return inspectProject(writeProject(changes)).problems.map(problemText)
}

describe('method predictive', () => {
  it('is sound with the features it reads', () => {
    expect(problemsOf('')).toEqual([])
  })

  it('misses a feature that it reads, by the name the pipeline gives it', () => {
    const [text, ...others] = problemsOf(', inputs: { observedAge: observed_age }')
    expect(others).toEqual([])
    expect(text).toContain('cluster.inputs.observedAge')
    expect(text).toContain('came: "observed_age"')
    expect(text).toContain('Did you mean observedAge?')
    expect(problemsOf('', HISTORIES.slice(1))).toEqual([expect.stringContaining('came: "repeatPurchases"')])
  })

  it('misses what a back-test needs only where one is required', () => {
    expect(problemsOf(', horizon: 13 weeks')).toEqual([])
    const texts = problemsOf(', horizon: 13 weeks, backTest: required')
    const missing = [...HISTORIES.map((name) => `${name}_before_13_weeks`), 'purchaseDays']
    expect(texts).toHaveLength(missing.length)
    missing.forEach((name) => expect(texts.join('\n')).toContain(`came: "${name}"`))
  })

  it('needs the purchases of a window as long as the horizon for growth', () => {
    expect(problemsOf(', by: [risk, growth]')).toEqual([expect.stringContaining('came: "purchaseDays"')])
    const of = (window: string) =>
      problemsOf(', by: [risk, growth]', [...HISTORIES, `{ purchaseDays: { window: ${window} } }`])
    expect(of('90 days')).toEqual([])
    expect(of('12 weeks')).toEqual([expect.stringContaining('came: purchaseDays over 12 weeks')])
    expect(problemsOf(', horizon: 12 weeks', [...HISTORIES, '{ purchaseDays: { window: 84 days } }'])).toEqual([])
  })

  it('reads numbers only', () => {
    const features = [...HISTORIES, 'lifecycleStage']
    expect(problemsOf(', inputs: { purchaseAge: lifecycleStage }', features)).toEqual([
      expect.stringContaining('came: lifecycleStage, a category'),
    ])
  })

  it('refuses bands that end before they begin', () => {
    expect(problemsOf(', bands: { risk: { atRisk: 0.8 } }')).toEqual([
      expect.stringContaining('came: atRisk 0.8 and lost 0.7'),
    ])
    expect(problemsOf(', bands: { value: { high: 0.5 } }')).toEqual([
      expect.stringContaining('came: high 0.5 and medium 0.5'),
    ])
  })
})
