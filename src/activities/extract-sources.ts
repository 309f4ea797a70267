import type { Definition } from '../plan/definition.ts'
import type { Connection } from '../plan/project.ts'
import { sourcesByRole, type Source } from '../stages/extract/config.ts'
import type { MappingRequest } from '../stages/extract/mapping.ts'
import type { SourceRole } from '../run/data-roles.ts'
import type { Extraction } from './extraction.ts'
import { countSource, type CountedSource } from './extract-rows.ts'
import { lookupRequests, readSource, type ReadSource } from './extract-source.ts'
import { judgeUnreadable } from './extract-unreadable.ts'

/** Sources read at once; a connection has a limit of its own below this. */
const PARALLEL_READS = 4

/** Everything a run reads: the sources of its roles, and those they look up. */
export function usedSources({ pipeline, sources }: Definition): readonly (readonly [string, Source])[] {
  const ofRoles = sourcesByRole(pipeline.extract).flatMap(([, names]) => names)
  const lookedUp = ofRoles.flatMap((name) => sources[name]!.lookups.map((lookup) => lookup.source))
  return [...new Set([...ofRoles, ...lookedUp])].sort().map((name) => [name, sources[name]!] as const)
}

/** Where the sources are: another database or bucket under the same name holds other rows. How hard it may be asked changes none. */
export function connectionsOf(
  { connections }: Definition,
  used: readonly (readonly [string, Source])[],
): Readonly<Record<string, unknown>> {
  const names = used.flatMap(([, { from }]) =>
    [from].flat().flatMap((place) => (place.connection === undefined ? [] : [place.connection])),
  )
  const placeOf = (connection: Connection): unknown =>
    'postgres' in connection ? { postgres: connection.postgres } : connection
  return Object.fromEntries(names.map((name) => [name, placeOf(connections[name]!)]))
}

export interface ReadRoles {
  readonly reads: readonly ReadSource[]
  readonly sources: ReadonlyMap<SourceRole, readonly CountedSource[]>
}

/** Reads all sources of all roles, several at once, and counts their rows. */
export async function readRoles(extraction: Extraction, late: ReadonlySet<string>): Promise<ReadRoles> {
  const { plan, attempt } = extraction
  const { sources, pipeline } = plan.definition
  const wanted = new Map<string, MappingRequest>()
  const keyOf = ({ role, sourceName, only }: MappingRequest): string => JSON.stringify([role, sourceName, only])
  const byRole = sourcesByRole(pipeline.extract).flatMap(([role, names]) =>
    names.map((sourceName) => {
      const request: MappingRequest = { source: sources[sourceName]!, sourceName, role }
      return { request, lookups: lookupRequests(role, request.source, sources) }
    }),
  )
  for (const { request, lookups } of byRole) for (const one of [request, ...lookups]) wanted.set(keyOf(one), one)
  const done = new Map<string, number>()
  const read = await inParallel([...wanted], async ([key, request]) => {
    // What a source looks up may have no instant of its own, and its rows none to be left out by.
    const result = await readSource(extraction, request, request.only ? null : plan.asOf, (rows) => {
      done.set(key, rows)
      attempt.progress([...done.values()].reduce((sum, count) => sum + count, 0))
    })
    await judgeUnreadable(extraction, result)
    return [key, result] as const
  })
  const reads = new Map(read)
  const counted = new Map<SourceRole, CountedSource[]>()
  for (const { request, lookups } of byRole) {
    const lookedUp = lookups.map((one) => reads.get(keyOf(one))!)
    const isLate = late.has(request.sourceName)
    const source = await countSource(extraction, request.role, reads.get(keyOf(request))!, lookedUp, isLate)
    counted.set(request.role, [...(counted.get(request.role) ?? []), source])
  }
  return { reads: [...reads.values()], sources: counted }
}

/** @returns results in the order of `items`; after a failure nothing more is begun */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  let next = 0
  let hasFailed = false
  const worker = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next++
      try {
        results[index] = await work(items[index]!)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: PARALLEL_READS }, worker))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
  return results
}
