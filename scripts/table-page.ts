import { inCell } from './key-page.ts'

/** `contract/v1.json`. */
export interface Contract {
  readonly version: number
  readonly views: readonly {
    readonly name: string
    readonly description: string
    readonly columns: readonly {
      readonly name: string
      readonly type: string
      readonly nullable: boolean
      readonly description: string
    }[]
  }[]
}

/** The dictionary of what consumers read. */
export function tablePage({ version, views }: Contract): string {
  return [
    '# Views of the warehouse',
    'Generated from `contract/v1.json` by `npm run docs`, and that from the comments in a migrated database by `npm run golden`; tests compare both.',
    `Version ${version} of the contract with those who read. Columns and views may be added to it; none is taken away, changes its type or becomes null where it never was without another version, whose views stand beside these. Tables are not part of it. How to ask is in [the guide for consumers](../guides/consumer.md).`,
    'Beside these there is `<pipeline>_customers` for each pipeline: `customer_segments` of it alone.',
    ...views.flatMap(({ name, description, columns }) => [
      `## \`${name}\``,
      description,
      [
        '| column | type | null | meaning |',
        '|---|---|---|---|',
        ...columns.map((column) => {
          const cells = [`\`${column.name}\``, shortType(column.type), column.nullable ? 'yes' : '', column.description]
          return `| ${cells.map(inCell).join(' | ')} |`
        }),
      ].join('\n'),
    ]),
  ].join('\n\n')
}

function shortType(type: string): string {
  return type.replace('timestamp with time zone', 'timestamptz')
}
