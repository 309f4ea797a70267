import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rulesConfig } from '../../../../src/stages/cluster/rules/config.ts'
import type { Expression } from '../../../../src/stages/cluster/rules/expression.ts'
import { findRuleProblems } from '../../../../src/stages/cluster/rules/find-rule-problems.ts'
import { implies, possible, termsOf } from '../../../../src/stages/cluster/rules/terms-of.ts'
import { columns, condition, evaluate, row } from './expressions.ts'

describe('what is known of conditions without data', () => {
  it('is never contradicted by a row', () => {
    fc.assert(
      fc.property(condition, condition, fc.array(row, { minLength: 1, maxLength: 20 }), (first, second, rows) => {
        const [outer, inner] = [termsOf(first), termsOf(second)]
        const isTrue = (expression: Expression): readonly boolean[] =>
          rows.map((one) => evaluate(expression, one) === true)
        if (outer !== null && possible(outer).length === 0) expect(isTrue(first)).not.toContain(true)
        if (outer === null || inner === null) return
        const isShadowed = possible(inner).every((term) => outer.some((other) => implies(term, other)))
        if (!isShadowed) return
        expect(isTrue(second).map((is, index) => is && !isTrue(first)[index])).not.toContain(true)
      }),
      { numRuns: 3000 },
    )
  })

  const problems = (whens: readonly string[], overlapping = false): readonly (readonly [unknown, string])[] =>
    findRuleProblems(
      rulesConfig.parse({
        method: 'rules',
        overlapping,
        rules: whens.map((when, index) => ({ name: `Rule ${'abcdef'[index]!}`, when })),
      }),
      columns,
    ).map(({ path, came }) => [path[1], came] as const)
  const contradiction = 'a condition that contradicts itself'
  const shadow = (names: string): string => `a condition that is only true where ${names} is, which comes first`

  it.each([
    'recency > 5 and recency < 5',
    'recency > 5 and not recency > 5',
    "country = 'DE' and country = 'AT'",
    "country in ('DE') and country not in ('DE', 'AT')",
    'recency is missing and recency > 1',
    'recency between 5 and 3',
    'isMember and isMember = false',
    'recency >= 5 and recency <= 5 and recency != 5',
    '1 > 2 and recency > 1',
    '(recency > 5 or isMember) and recency < 5 and not isMember',
  ])('refuses a rule that contradicts itself: %s', (when) => {
    expect(problems([when])).toEqual([[0, contradiction]])
  })

  it.each([
    'recency >= 5 and recency <= 5',
    'recency != 5',
    'recency > 5 or recency < 5',
    'recency + 1 > 5 and recency + 1 < 4',
    'recency is known and recency < 1',
  ])('takes a rule that it cannot refute: %s', (when) => {
    expect(problems([when])).toEqual([])
  })

  it('refuses a rule that those before it leave nobody for, unless they may overlap', () => {
    const whens = ['recency < 30', "country = 'DE'", "recency < 10 or country in ('DE')", 'recency < 31']
    expect(problems(whens)).toEqual([[2, shadow('"Rule a" or "Rule b"')]])
    expect(problems(whens, true)).toEqual([])
  })

  it('does not call a rule dead that takes those whose value is missing', () => {
    expect(problems(['recency < 30', 'recency < 10 or recency is missing'])).toEqual([])
  })

  it('refuses names and keys that come twice, and names that give no key', () => {
    const rules = [
      { name: 'Key accounts', when: 'recency < 1' },
      { name: 'Key-Accounts', when: 'recency < 2' },
      { name: 'Ключевые', when: 'recency < 3' },
      { name: 'Others', key: 'rest', when: 'recency < 4' },
    ]
    expect(findRuleProblems(rulesConfig.parse({ method: 'rules', rules }), columns)).toEqual([
      expect.objectContaining({ path: ['rules', 1], came: 'the key key_accounts, again' }),
      expect.objectContaining({ path: ['rules', 2], came: 'the name "Ключевые"' }),
      expect.objectContaining({ path: ['otherwise'], came: 'the name "Others", again' }),
    ])
  })

  it('names the rule and the character where a condition cannot be read', () => {
    const rules = [
      { name: 'a', when: 'recency < 1' },
      { name: 'b', when: 'recency <' },
      { name: 'c', when: 'recncy < 1' },
    ]
    expect(findRuleProblems(rulesConfig.parse({ method: 'rules', rules }), columns)).toEqual([
      expect.objectContaining({ path: ['rules', 1, 'when'], came: 'the end of the condition at character 10' }),
      expect.objectContaining({ path: ['rules', 2, 'when'], came: '"recncy" at character 1' }),
    ])
  })
})
