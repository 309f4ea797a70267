import { describe, expect, it } from 'vitest'
import { featuresConfig } from '../../../src/stages/features/config.ts'
import { addSums, diagnose } from '../../../src/stages/features/diagnostics.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'
import { featuresOf } from './feature-rows.ts'
import { berlin, useRoleTables } from './role-tables.ts'

// Everything in this file was computed by hand.

const { table, customers, rowsOf, session } = useRoleTables()

describe('features of surveys', () => {
  const scale = { items: ['q1', 'q2', 'q3'], reversed: ['q2'] }

  it('make a scale of the latest answers, reversed ones turned around, and report its reliability', async () => {
    await customers("('a'), ('b'), ('c'), ('d'), ('e'), ('f')", 'customer_id varchar')
    const answers = { a: [3, 2, 3], b: [5, 1, 4], c: [1, 4, 2], d: [4, 2, 5] }
    const rows = Object.entries(answers).flatMap(([id, given]) =>
      given.map((answer, index) => `('${id}', '2026-01-05', 'q${index + 1}', '${answer}')`),
    )
    await table(
      'survey',
      'customer_id varchar, occurred_at timestamp, question varchar, answer varchar',
      // An earlier answer, one out of the scale, one that is no number: none of them counts.
      `${rows.join(', ')}, ('a', '2025-01-05', 'q1', '5'), ('e', '2026-01-05', 'q1', '4'), ('e', '2026-01-05', 'q3', '9'), ('e', '2026-01-05', 'q2', 'agree')`,
    )
    const config = [{ surveyScale: { ...scale, as: 'trust' } }]
    const scores = await rowsOf(config)
    expect(scores.map((row) => row.trust)).toEqual([10 / 3, 14 / 3, 5 / 3, 13 / 3, 4, null])

    // Turned around: (3 4 3), (5 5 4), (1 2 2), (4 4 5). Sums of squares about the means: 8.75, 4.75, 5 of the items, 49 of the sum.
    const { sums } = await featuresOf(session(), config, berlin)
    const [row] = await session().rows(sums!)
    const specs = resolveFeatures(featuresConfig.parse(config), { customers: [], survey: [] })
    const { trust } = diagnose(specs, addSums([row as Readonly<Record<string, string>>]))
    expect(trust!.respondents).toBe(4)
    expect(trust!.cronbachAlpha).toBeCloseTo(1.5 * (1 - 18.5 / 49), 12)
  })

  it('refuse a reversed item that is none, and a scale without width', async () => {
    await table(
      'survey',
      'customer_id varchar, occurred_at timestamp, question varchar, answer varchar',
      "('ann', '2026-01-05', 'q1', '4')",
    )
    await expect(rowsOf([{ surveyScale: { ...scale, reversed: ['q9'] } }])).rejects.toThrow('reverses q9')
    await expect(rowsOf([{ surveyScale: { ...scale, minimum: 5 } }])).rejects.toThrow('minimum 5 and maximum 5')
  })

  it('take the latest answer to a question, and the shares of several', async () => {
    await table(
      'survey',
      'customer_id varchar, occurred_at timestamp, question varchar, answer varchar',
      `('ann', '2025-01-05', 'nps', '3'), ('ann', '2026-01-05', 'nps', '9'), ('ann', '2026-02-05', 'nps', '1'),
       ('ann', '2026-01-05', 'goals', 'save'), ('ann', '2026-01-06', 'goals', 'save'), ('ann', '2026-01-05', 'goals', 'fun'),
       ('ann', '2026-01-05', 'goals', 'sport'), ('ann', '2026-01-05', 'goals', 'rest'), ('bob', '2026-01-05', 'nps', 'none')`,
    )
    const [ann, bob] = await rowsOf([
      { surveyNumber: { question: 'nps', as: 'nps' } },
      { surveyAnswer: { question: 'nps', as: 'nps_text' } },
      { surveyChoices: { question: 'goals', options: ['save', 'fun'], as: 'goals' } },
    ])
    expect(ann).toEqual({
      customer_id: 'ann',
      nps: 9,
      nps_text: '9',
      'goals:save': 0.25,
      'goals:fun': 0.25,
      'goals:other': 0.5,
    })
    expect(bob).toEqual({
      customer_id: 'bob',
      nps: null,
      nps_text: 'none',
      'goals:save': null,
      'goals:fun': null,
      'goals:other': null,
    })
  })
})

describe('features of tickets and touches', () => {
  it('find pain points, and how long they lasted', async () => {
    await table(
      'tickets',
      'customer_id varchar, occurred_at timestamp, ticket_id varchar, topic varchar, is_complaint boolean, satisfaction decimal(18, 4), resolved_at timestamp',
      `('ann', '2026-01-01', 't1', 'delivery', true, 1, '2026-01-03'), ('ann', '2026-01-02', 't1', 'delivery', true, null, null),
       ('ann', '2026-01-05', 't2', 'invoice', false, 4, '2026-01-06'), ('ann', '2026-01-20', 't3', null, null, null, '2026-03-01')`,
    )
    const [ann, bob] = await rowsOf([
      'ticketCount',
      'complaintCount',
      { painPoints: { levels: ['delivery'] } },
      'supportSatisfaction',
      'resolutionDays',
    ])
    expect(ann).toEqual({
      customer_id: 'ann',
      ticketCount: 3,
      complaintCount: 1,
      'painPoints:delivery': 2 / 3,
      'painPoints:other': 1 / 3,
      supportSatisfaction: 2.5,
      // t3 was not resolved before the as-of.
      resolutionDays: 1.5,
    })
    expect(bob).toMatchObject({ ticketCount: 0, complaintCount: 0, supportSatisfaction: null, resolutionDays: null })
  })

  it('measure the answer to campaigns, a response as a row of its own or not', async () => {
    await table(
      'touches',
      'customer_id varchar, occurred_at timestamp, campaign varchar, cost decimal(18, 4), responded boolean, revenue decimal(18, 4)',
      `('ann', '2026-01-01', 'c1', 2, null, null), ('ann', '2026-01-02 23:00', 'c1', null, true, 30), ('ann', '2026-01-10', 'c2', 3, false, null),
       ('bob', '2026-01-10', 'c2', 0, null, null)`,
    )
    const [ann, bob] = await rowsOf([
      'contactCount',
      'campaignCount',
      'responseRate',
      { contactRecency: { window: '12 months' } },
      'campaignCost',
      'campaignRevenue',
      'campaignReturn',
      { campaignCost: { window: '28 days', as: 'recent_cost' } },
    ])
    expect(ann).toEqual({
      customer_id: 'ann',
      contactCount: 3,
      campaignCount: 2,
      responseRate: 0.5,
      contactRecency: 21 + 23 / 24,
      campaignCost: 5,
      campaignRevenue: 30,
      campaignReturn: 5,
      recent_cost: 3,
    })
    expect(bob).toMatchObject({ contactCount: 1, responseRate: 0, campaignCost: 0, campaignReturn: null })
  })
})
