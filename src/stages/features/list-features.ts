import type { DataRole } from '../../run/data-roles.ts'
import { entries } from './catalogue.ts'
import type { CatalogueEntry } from './catalogue/entry.ts'
import type { MappedColumns } from './check-requests.ts'

/** A feature of the catalogue, for people. */
export interface ListedFeature extends Pick<
  CatalogueEntry,
  'name' | 'group' | 'meaning' | 'unit' | 'type' | 'window' | 'nullRule' | 'transform'
> {
  /** Role → columns beside those every source of the role has. */
  readonly needs: Readonly<Record<string, readonly string[]>>
  /** Its own settings → what they mean; required ones end with an asterisk. */
  readonly settings: Readonly<Record<string, string>>
}

export function listFeatures(): readonly ListedFeature[] {
  return entries.map((entry) => {
    const { name, group, meaning, unit, type, window, nullRule, transform } = entry
    return {
      name,
      group,
      meaning,
      unit,
      type,
      window,
      nullRule,
      transform,
      needs: needsOf(entry),
      settings: settingsOf(entry),
    }
  })
}

/** What a pipeline would have to read for features that it cannot build. */
export interface MissingData {
  readonly role: DataRole
  /** False: no source has the role. */
  readonly isRead: boolean
  /** Columns that are not mapped; empty when the role is all that is missing. */
  readonly columns: readonly string[]
  /** Features that need it, and may need other things too. */
  readonly features: readonly string[]
}

/** One entry for each role and set of columns that is missing, those with most features first. */
export function findMissing(mapped: MappedColumns): readonly MissingData[] {
  const missing = new Map<string, MissingData & { features: string[] }>()
  for (const { name, needs } of entries)
    for (const { role, columns } of needs) {
      const there = mapped[role]
      const lacking = there ? columns.filter((column) => !there.includes(column)) : columns
      if (there && lacking.length === 0) continue
      const key = JSON.stringify([role, lacking])
      const known = missing.get(key)
      if (known) known.features.push(name)
      else missing.set(key, { role, isRead: there !== undefined, columns: lacking, features: [name] })
    }
  return [...missing.values()].sort((a, b) => b.features.length - a.features.length)
}

function needsOf({ needs }: CatalogueEntry): ListedFeature['needs'] {
  return Object.fromEntries(needs.map(({ role, columns }) => [role, columns]))
}

function settingsOf({ settings = {} }: CatalogueEntry): ListedFeature['settings'] {
  return Object.fromEntries(
    Object.entries(settings).map(([key, schema]) => [
      schema.safeParse(undefined).success ? key : `${key}*`,
      schema.description ?? '',
    ]),
  )
}
