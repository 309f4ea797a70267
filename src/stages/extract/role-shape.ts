import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { storedTypes } from './fit-value.ts'
import { mappedKeys } from './mapping.ts'
import { roles, type ColumnType, type CarriedRole } from '../../run/data-roles.ts'
import type { Source } from './config.ts'

/** Columns that hold money, in roles whose rows have an instant and so a rate. */
const moneyColumns: Partial<Record<CarriedRole, readonly string[]>> = {
  transactions: ['amount', 'unit_price', 'discount', 'cost'],
  events: ['value'],
  touches: ['cost', 'revenue'],
}

/** Column of the code of a row's money; artifacts hold money of one currency, so they have no such column. */
export const CURRENCY = 'currency'

export interface ShapedColumn {
  readonly name: string
  /** The engine's type in the artifact. */
  readonly type: string
}

/** Columns of a role's rows in the artifact, between `bucket` and `source_name`. */
export interface RoleShape {
  readonly columns: readonly ShapedColumn[]
  /** Those of them that hold money; empty where money is not converted. */
  readonly money: readonly string[]
  readonly hasInstant: boolean
}

/** A source of a role, and the sources that its lookups name. */
export interface ShapedSource {
  readonly sourceName: string
  readonly source: Source
}

/**
 * What a role's rows look like, whichever of its sources they come from: the role's own columns in its order, then all others by name.
 *
 * @throws ConfigInvalid when two sources give a column different types
 */
export function shapeRole(
  role: CarriedRole,
  sources: readonly ShapedSource[],
  allSources: Readonly<Record<string, Source>>,
): RoleShape {
  const types = new Map<string, { readonly type: ColumnType; readonly sourceName: string }>()
  for (const { sourceName, name, target } of sources.flatMap((one) => typedNames(role, one, allSources))) {
    const known = types.get(name)
    if (known && known.type !== target)
      throw new ConfigInvalid(
        `Column ${name} of ${role} is ${known.type} in source ${known.sourceName} and ${target} in source ${sourceName}.`,
        `Give it the same \`type\` in both, or two names.`,
      )
    types.set(name, { type: target, sourceName })
  }
  const own = Object.keys(roles[role].columns)
  const money = moneyColumns[role] ?? []
  const names = [
    ...own.filter((name) => types.has(name) || roles[role].required.includes(name)),
    ...[...types.keys()].filter((name) => !own.includes(name)).sort(),
  ].filter((name) => money.length === 0 || name !== CURRENCY)
  return {
    columns: names.map((name) => ({ name, type: storedTypes[types.get(name)?.type ?? roles[role].columns[name]!] })),
    money: money.filter((name) => types.has(name)),
    hasInstant: 'occurred_at' in roles[role].columns,
  }
}

function typedNames(
  role: CarriedRole,
  { sourceName, source }: ShapedSource,
  allSources: Readonly<Record<string, Source>>,
): readonly { sourceName: string; name: string; target: ColumnType }[] {
  const own = mappedKeys({ source, role }).filter(({ name }) => !name.startsWith(':'))
  const lookedUp = source.lookups.flatMap((lookup) =>
    mappedKeys({ source: allSources[lookup.source]!, role, only: lookup.columns })
      .filter(({ name }) => !name.startsWith(':'))
      .map((key) => ({ ...key, sourceName: lookup.source })),
  )
  return [...own.map((key) => ({ ...key, sourceName })), ...lookedUp]
}
