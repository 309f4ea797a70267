import type { Tier } from './catalogue.ts'

export type GroupName = 'champions' | 'regulars' | 'bargain_hunters' | 'occasional' | 'lapsed' | 'gift_buyers'

/** How the members of a group buy. Days are counted from the shop's first, see calendar.ts. */
export interface Behaviour {
  /** Mean days from one order to the next. */
  readonly gapDays: number
  /** First order, drawn between these days. */
  readonly firstDay: readonly [number, number]
  /** Day after which a member orders no more, drawn between these; null: stays. */
  readonly lastDay: readonly [number, number] | null
  readonly lines: readonly [number, number]
  readonly tier: Tier
  /** How many categories a member likes. */
  readonly likedCategories: readonly [number, number]
  /** Weights of web, app, store. */
  readonly channels: readonly [number, number, number]
}

export const channelNames = ['web', 'app', 'store'] as const

export const behaviours: Readonly<Record<GroupName, Behaviour>> = {
  champions: {
    gapDays: 18,
    firstDay: [0, 40],
    lastDay: null,
    lines: [2, 4],
    tier: 'premium',
    likedCategories: [6, 8],
    channels: [4, 5, 1],
  },
  regulars: {
    gapDays: 40,
    firstDay: [0, 60],
    lastDay: null,
    lines: [1, 3],
    tier: 'middle',
    likedCategories: [3, 5],
    channels: [6, 2, 2],
  },
  bargain_hunters: {
    gapDays: 18,
    firstDay: [0, 60],
    lastDay: null,
    lines: [1, 2],
    tier: 'budget',
    likedCategories: [11, 13],
    channels: [2, 8, 0],
  },
  occasional: {
    gapDays: 150,
    firstDay: [110, 200],
    lastDay: null,
    lines: [1, 2],
    tier: 'middle',
    likedCategories: [2, 3],
    channels: [5, 1, 4],
  },
  // The last order lies more than 200 days before 2026-07-01 (day 638).
  lapsed: {
    gapDays: 30,
    firstDay: [0, 40],
    lastDay: [200, 400],
    lines: [1, 3],
    tier: 'middle',
    likedCategories: [3, 4],
    channels: [6, 2, 2],
  },
  // A new group: appears in July 2026.
  gift_buyers: {
    gapDays: 45,
    firstDay: [638, 690],
    lastDay: null,
    lines: [1, 1],
    tier: 'gift',
    likedCategories: [1, 1],
    channels: [7, 3, 0],
  },
}

/** Shares of all customers. */
export const groupShares: Readonly<Record<GroupName, number>> = {
  champions: 0.12,
  regulars: 0.24,
  bargain_hunters: 0.18,
  occasional: 0.22,
  lapsed: 0.16,
  gift_buyers: 0.08,
}

/** The planted drift: in the last quarter this share of the occasional customers begins to buy as regulars do. */
export const driftingShare = 0.25
/** Mean days between their orders from then on: by 2026-10-01 they have as many orders as a regular. */
export const driftedGapDays = 7
