import { textTable } from './text-table.ts'

/** Customers near one, with the names of their segments. */
export interface ListedSimilar {
  readonly customerId: string
  readonly segmentName: string
  readonly similar: readonly {
    readonly customerId: string
    readonly segmentName: string
    readonly distance: number
    readonly alike: readonly { readonly feature: string }[]
    readonly different: readonly { readonly feature: string }[]
  }[]
}

/** A line a customer, the nearest first. */
export function similarCustomers({ customerId, segmentName, similar }: ListedSimilar): readonly string[] {
  const head = `${customerId} is in ${segmentName}.`
  if (similar.length === 0) return [head, 'There is no other customer.']
  const names = (features: readonly { readonly feature: string }[]): string =>
    features.map(({ feature }) => feature).join(', ') || '–'
  return [
    head,
    '',
    ...textTable(
      [
        { title: 'Customer' },
        { title: 'Distance', align: 'right' },
        { title: 'Segment' },
        { title: 'Most alike in' },
        { title: 'Most different in' },
      ],
      similar.map((one) => [
        one.customerId,
        one.distance.toFixed(3),
        one.segmentName,
        names(one.alike),
        names(one.different),
      ]),
    ),
  ]
}
