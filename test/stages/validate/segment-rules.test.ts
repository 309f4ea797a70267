import { describe, expect, it } from 'vitest'
import { segmentRules } from '../../../src/stages/validate/segment-rules.ts'
import type { RuleColumn } from '../../../src/stages/validate/segment-rules.ts'
import type { TreeNode } from '../../../src/stats/decision-tree.ts'

const columns: readonly RuleColumn[] = [
  { name: 'recency', unit: 'days', hasUnknown: false },
  { name: 'gapMean', unit: 'days', hasUnknown: true },
  { name: "favourite's", unit: 'level', levels: ['web', 'shop', "kid's"], hasUnknown: false },
  { name: 'monetary', unit: 'EUR', hasUnknown: false },
]
const leaf = (label: number): TreeNode => ({ label })
const atMost = (column: number, bound: number, yes: TreeNode, no: TreeNode, ofUnknown = false): TreeNode => ({
  split: { kind: 'atMost', column, bound, ofUnknown },
  yes,
  no,
})
const isLevel = (column: number, level: number, yes: TreeNode, no: TreeNode): TreeNode => ({
  split: { kind: 'isLevel', column, level },
  yes,
  no,
})
const isKnown = (column: number, yes: TreeNode, no: TreeNode): TreeNode => ({
  split: { kind: 'isKnown', column },
  yes,
  no,
})

describe('segmentRules', () => {
  it('joins what the tree asks of one column on the way to a leaf', () => {
    const tree = atMost(0, 90, atMost(3, 1500.5, leaf(0), atMost(0, 30, leaf(1), leaf(0))), leaf(2))
    expect(segmentRules(tree, columns, 4)).toEqual([
      {
        words:
          'recency up to 90 days, monetary up to 1,500.5 EUR; or recency above 30 and up to 90 days, monetary above 1,500.5 EUR',
        sql: '("recency" <= 90 AND "monetary" <= 1500.5) OR ("recency" > 30 AND "recency" <= 90 AND "monetary" > 1500.5)',
      },
      { words: 'recency up to 30 days, monetary above 1,500.5 EUR', sql: '"recency" <= 30 AND "monetary" > 1500.5' },
      { words: 'recency above 90 days', sql: '"recency" > 90' },
      null,
    ])
  })

  it('says where customers go of whom a value is not known', () => {
    const [low, high] = segmentRules(atMost(1, 14, leaf(0), leaf(1), true), columns, 2)
    expect(low).toEqual({ words: 'gapMean up to 14 days or unknown', sql: '("gapMean" <= 14 OR "gapMean" IS NULL)' })
    expect(high).toEqual({ words: 'gapMean above 14 days', sql: '"gapMean" > 14' })
    const [known, unknown] = segmentRules(isKnown(1, leaf(0), leaf(1)), columns, 2)
    expect(known).toEqual({ words: 'gapMean known', sql: '"gapMean" IS NOT NULL' })
    expect(unknown).toEqual({ words: 'gapMean unknown', sql: '"gapMean" IS NULL' })
  })

  it('names levels, and quotes what is in them', () => {
    const tree = isLevel(2, 0, leaf(0), isLevel(2, 2, leaf(1), leaf(2)))
    expect(segmentRules(tree, columns, 3)).toEqual([
      { words: "favourite's is web", sql: `"favourite's" = 'web'` },
      { words: "favourite's is kid's", sql: `"favourite's" = 'kid''s'` },
      {
        words: "favourite's is not web or kid's",
        sql: `("favourite's" NOT IN ('web', 'kid''s') OR "favourite's" IS NULL)`,
      },
    ])
  })

  it('takes everybody when the tree asks nothing', () => {
    expect(segmentRules(leaf(1), columns, 2)).toEqual([null, { words: 'everybody', sql: 'true' }])
  })
})
