import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ResegmentError } from '../errors/resegment-error.ts'
import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import type { SourceRole } from '../run/data-roles.ts'
import { sourcesByRole, type SourceLocation } from '../stages/extract/config.ts'
import type { SourceLook } from '../stages/extract/source-look.ts'
import { lookAtMapping } from './look-at-mapping.ts'
import { lookAtNewest } from './look-at-newest.ts'
import type { LookRequest } from './look-request.ts'

const SAMPLED_ROWS = 1000
/** Beyond these rows a count costs the database more than it tells people. */
const COUNTED_ROWS = 1_000_000
const LISTED_LINES = 5

/** Sources of a definition in the order of the roles, those looked up behind, each with the roles whose columns it gives. */
export function rolesOfSources(definition: Pick<Definition, 'pipeline' | 'sources'>): Map<string, Set<SourceRole>> {
  const found = new Map<string, Set<SourceRole>>()
  const add = (name: string, role: SourceRole): void => void found.set(name, (found.get(name) ?? new Set()).add(role))
  const read = sourcesByRole(definition.pipeline.extract)
  for (const [role, names] of read) for (const name of names) add(name, role)
  for (const [role, names] of read)
    for (const name of names) for (const lookup of definition.sources[name]!.lookups) add(lookup.source, role)
  return found
}

/** Looks at sources as they are now: what they hold, whether the definition fits. One that cannot be reached hides no other. */
export async function lookAtSources(
  services: Services,
  definition: Definition,
  wanted: ReadonlyMap<string, ReadonlySet<SourceRole>>,
  onSource: (sourceName: string) => void,
): Promise<readonly SourceLook[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'resegment-look-'))
  const reader = services.reader(definition)
  const view = await reader.open()
  const looks: SourceLook[] = []
  try {
    for (const [sourceName, roles] of wanted) {
      onSource(sourceName)
      const source = definition.sources[sourceName]!
      const scratchPath = join(scratch, String(looks.length))
      await mkdir(scratchPath)
      const readablePaths = readableFolders(() => reader.folders?.(source) ?? [])
      const session = await services.engine.open({ scratchPath, readablePaths })
      try {
        looks.push(await lookAt({ session, view, source, sourceName, roles: [...roles], scratchPath }))
      } finally {
        await session.close()
      }
    }
    return looks
  } finally {
    await view.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

async function lookAt(request: LookRequest): Promise<SourceLook> {
  const { view, source, sourceName, roles } = request
  const places = [source.from].flat().map(placeText)
  const nothing = { faults: [], rows: null, columns: [], newest: null, sampledRows: 0, misfits: [] } as const
  let look: SourceLook = { source: sourceName, roles, places, failure: null, ...nothing, unreadable: none }
  try {
    const sample = await view.sample(source, sourceName, SAMPLED_ROWS)
    const mapped = await lookAtMapping(request, sample)
    const first = sample.unreadable.slice(0, LISTED_LINES)
    look = {
      ...look,
      ...mapped,
      unreadable: { count: sample.unreadable.length, first },
      sampledRows: sample.rows.length,
    }
    const counted = await view.countUpTo(source, sourceName, COUNTED_ROWS)
    if (counted !== undefined) look = { ...look, rows: { count: counted, isAll: counted < COUNTED_ROWS } }
    const { newest, read } = await lookAtNewest(request, sample.columns)
    look = { ...look, newest }
    if (read)
      look = {
        ...look,
        rows: { count: read.rows, isAll: true },
        unreadable: { count: read.unreadable, first: read.unreadable === 0 ? [] : first },
      }
    return look
  } catch (error) {
    if (!(error instanceof ResegmentError)) throw error
    const { type, what, remedy } = error
    return { ...look, failure: { type, what, remedy } }
  }
}

const none = { count: 0, first: [] } as const

function placeText(place: SourceLocation): string {
  if ('table' in place) return `table ${place.table} of ${place.connection}`
  if ('file' in place) return place.connection === undefined ? place.file : `${place.file} of ${place.connection}`
  return `a query of ${place.connection}`
}

/** A connection that is not there is told by the look itself. */
function readableFolders(find: () => readonly string[]): readonly string[] {
  try {
    return find()
  } catch {
    return []
  }
}
