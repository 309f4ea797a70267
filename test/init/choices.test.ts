import { describe, expect, it } from 'vitest'
import { chooseFeatures } from '../../src/init/choose-features.ts'
import { correctColumn, correctRole, noCorrections } from '../../src/init/corrections.ts'
import { guessSources } from '../../src/init/guess-sources.ts'
import { guessOf, type LookedPlace } from '../../src/init/guesses.ts'
import { place } from './place.ts'
import { all, events, people, purchases, sourcesOf, touches } from './shop-places.ts'

const featureNames = (
  places: readonly LookedPlace[],
  objective: 'retention' | 'value' | 'growth',
): readonly unknown[] => chooseFeatures(objective, sourcesOf(places)).map(({ value }) => value)

describe('features', () => {
  it('are those of the objective that the roles make possible', () => {
    expect(featureNames(all, 'retention')).toEqual([
      ...['recency', 'frequency', 'monetary', 'gapMean', 'tenure'],
      'membershipYears',
      ...['engagementRecency', 'activeDays'],
      ...['complaintCount', 'supportSatisfaction'],
      ...['responseRate', 'contactRecency'],
      { surveyNumber: { question: 'satisfaction', as: 'satisfaction' } },
      { surveyAnswer: { question: 'main goal', as: 'mainGoal' } },
    ])
    expect(featureNames([purchases, touches], 'value')).toEqual([
      ...['monetary', 'averageOrderValue', 'frequency', 'recency'],
      ...['campaignReturn', 'campaignRevenue'],
    ])
    expect(featureNames([events], 'growth')).toEqual(['engagementTrend', 'distinctEvents', 'activeDays', 'sessions'])
  })

  it('of customers alone leave out a category that another one says already, and what segments are compared by', () => {
    const rows = Array.from({ length: 40 }, (_, n) => [
      `c${n}`,
      ['basic', 'plus', 'pro', 'team'][n % 4]!,
      ['B', 'P', 'R', 'T'][n % 4]!,
      n < 20 ? 'north' : 'south',
      n % 3 === 0 ? 'Yes' : 'No',
      String((n * 7) % 11),
    ])
    const plans = place('accounts', ['account_id', 'plan', 'plan_letter', 'area', 'churned', 'logins'], rows)
    expect(featureNames([plans], 'value')).toEqual([
      { numberAttribute: { column: 'logins', as: 'logins' } },
      { attribute: { column: 'plan', as: 'plan' } },
      { attribute: { column: 'area', as: 'area' } },
    ])
  })
})

describe('a correction', () => {
  it('of a role is obeyed, and the other guesses are made around it', () => {
    const corrected = correctRole(noCorrections, 'tracking', 'none')
    expect(sourcesOf([events, purchases], corrected)).toMatchObject([
      { name: 'orders', role: 'transactions' },
      { name: 'tracking', role: 'none', because: 'as you say' },
    ])
  })

  it('of a column goes before its name', () => {
    const sales = place(
      'sales',
      ['order_id', 'customer_id', 'payer', 'order_date', 'amount', 'tip'],
      purchases.rows.map(([order, customer, ...rest]) => [
        order!,
        customer!,
        `p${customer}`,
        ...rest.map(String),
        '0.5',
      ]),
    )
    const corrected = correctColumn(
      correctColumn(noCorrections, 'sales', 'customer_id', 'payer'),
      'sales',
      'amount',
      'tip',
    )
    const [source] = sourcesOf([sales], corrected)
    expect(guessOf(source!, 'customer_id')).toMatchObject({ from: 'payer', because: 'as you say; text' })
    expect(guessOf(source!, 'amount')).toMatchObject({ from: 'tip' })
  })

  it('may say that there is no such column', () => {
    const [source] = sourcesOf([touches, people], correctColumn(noCorrections, 'mailings', 'cost', null)).filter(
      ({ role }) => role === 'touches',
    )
    expect(guessOf(source!, 'cost')).toBeUndefined()
  })

  it('that cannot be obeyed says what is missing', () => {
    expect(guessSources([people, purchases], correctRole(noCorrections, 'crm', 'survey'))).toMatchObject({
      role: 'survey',
      missing: ['question', 'answer'],
      nearest: { name: 'crm' },
    })
  })
})
