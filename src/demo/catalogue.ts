import type { Random } from './random.ts'

export const categories = [
  'bakeware',
  'bath',
  'books',
  'candles',
  'cutlery',
  'decoration',
  'garden',
  'glassware',
  'kitchen',
  'lighting',
  'stationery',
  'textiles',
  'toys',
] as const

/** Sold by the same shop, but bought as presents. */
export const giftCategory = 'gift sets'

export type Tier = 'budget' | 'middle' | 'premium' | 'gift'

const priceRanges = {
  budget: [2, 6],
  middle: [14, 34],
  premium: [38, 80],
  gift: [110, 190],
} as const satisfies Record<Tier, readonly [number, number]>

const productsPerShelf = 20

export interface Product {
  readonly sku: string
  readonly category: string
  readonly priceCents: number
}

/** Every product, by category and price tier. */
export function makeCatalogue(random: Random): (category: string, tier: Tier) => readonly Product[] {
  const shelves = new Map<string, readonly Product[]>()
  for (const category of [...categories, giftCategory])
    for (const tier of ['budget', 'middle', 'premium', 'gift'] as const) {
      const [low, high] = priceRanges[tier]
      const code = `${category.slice(0, 3).toUpperCase()}${tier.charAt(0).toUpperCase()}`
      shelves.set(
        `${category} ${tier}`,
        Array.from({ length: productsPerShelf }, (_, number) => ({
          sku: `${code}${String(number + 1).padStart(3, '0')}`,
          category,
          priceCents: Math.round(random.between(low * 100, high * 100)),
        })),
      )
    }
  return (category, tier) => shelves.get(`${category} ${tier}`)!
}
