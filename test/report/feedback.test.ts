import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { overridesConfig } from '../../src/stages/validate/overrides-config.ts'
import { feedbackLines, misplacedTexts, proposedOverrides } from '../../src/report/feedback-lines.ts'
import { feedbackChapters } from '../../src/report/segmentation/feedback-chapters.ts'
import type { KeptFeedback } from '../../src/run/feedback.ts'

const said = (facts: Partial<KeptFeedback>): KeptFeedback => ({
  ...{ segmentKey: 'shop-1', judgement: 'note', customerId: null, belongsIn: null, note: '', author: 'ada' },
  ...{ givenAt: '2026-10-02T08:00:00Z', ...facts },
})
const misplaced = (customerId: string, belongsIn: string | null, note = ''): KeptFeedback =>
  said({ judgement: 'misplaced', customerId, belongsIn, note })
const names: Readonly<Record<string, string>> = { 'shop-1': 'Loyal', 'shop-2': 'New' }
const nameOf = (key: string): string => names[key] ?? key

describe('feedback', () => {
  it('counts customers who are misplaced by the last thing said of each, and names none', () => {
    const feedback = [
      ...[misplaced('K1', 'shop-3'), misplaced('K1', 'shop-2'), misplaced('K2', 'shop-2'), misplaced('K3', null)],
      said({ judgement: 'useful', note: 'They answer.' }),
    ]
    expect(misplacedTexts(feedback, nameOf)).toEqual([
      '2 customers of “Loyal” belong in “New”.',
      '1 customer of “Loyal” belongs elsewhere; nobody says where.',
    ])
    const shown = feedbackLines(feedback, nameOf).join('\n')
    expect(shown).toContain('They answer.')
    expect(shown).not.toMatch(/K\d/)
  })

  it('proposes overrides that a pipeline file takes as they are, whatever is in a reason', () => {
    const text = proposedOverrides([misplaced('0042', 'shop-2', 'said: "no" # really'), misplaced('K3', null)]).join(
      '\n',
    )
    const { overrides } = parse(text) as { overrides: unknown }
    expect(overridesConfig.parse(overrides)).toEqual([
      { customer: '0042', segment: 'shop-2', reason: 'said: "no" # really', author: 'ada' },
    ])
    expect(proposedOverrides([misplaced('K3', null)])).toEqual(['# Nobody says of a customer where he or she belongs.'])
  })

  it('is a chapter of the report where something was said of its segments, and none where nothing was', () => {
    const segments = [{ segmentKey: 'shop-1', name: 'Loyal' }] as unknown as Parameters<
      typeof feedbackChapters
    >[0]['segments']
    const report = { segments, pipeline: 'shop' }
    expect(feedbackChapters(report)).toEqual([])
    expect(feedbackChapters(report, [said({ segmentKey: 'shop-9', judgement: 'wrong' })])).toEqual([])
    const text = JSON.stringify(
      feedbackChapters(report, [said({ judgement: 'wrong', note: 'Two kinds.' }), misplaced('K7', null)]),
    )
    expect(text).toContain('Loyal: Two kinds. (ada)')
    expect(text).not.toContain('K7')
  })
})
