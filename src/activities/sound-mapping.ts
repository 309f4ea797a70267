import { ResegmentError } from '../errors/resegment-error.ts'
import type { ParsedExpression } from '../stages/extract/expression.ts'
import {
  columnOf,
  mappedKeys,
  mapSource,
  missingColumn,
  type Mapping,
  type MappingRequest,
} from '../stages/extract/mapping.ts'
import type { DefinitionFault } from '../stages/extract/source-look.ts'
import { parseExpressions } from './extract-source.ts'
import type { LookRequest } from './look-request.ts'

/** The part of the mapping that the source has columns for, and what is wrong with the rest. */
export async function soundMapping(
  request: LookRequest,
  role: MappingRequest['role'],
  names: readonly string[],
): Promise<{
  mapping: Mapping
  expressions: ReadonlyMap<string, ParsedExpression>
  found: readonly DefinitionFault[]
}> {
  const { session, sourceName } = request
  const source = withTypesOf(request.source, names)
  const found = Object.keys(request.source.types)
    .filter((name) => !names.includes(name))
    .map((name) => faultOf(missingColumn(sourceName, 'types', name, names), sourceName, `types.${name}`))
  const expressions = new Map<string, ParsedExpression>()
  const sound = new Set<string>()
  for (const { name, where, from } of mappedKeys({ source, role }))
    try {
      const column = columnOf(from)
      if (column !== null && !names.includes(column)) throw missingColumn(sourceName, where, column, names)
      const alone = { ...source, columns: { [name]: from }, recordedAt: undefined, validity: undefined }
      for (const parsed of await parseExpressions({ session }, { source: alone, sourceName, role, only: [name] }))
        expressions.set(...parsed)
      sound.add(name)
    } catch (error) {
      found.push(faultOf(error, sourceName, where))
    }
  const kept = {
    ...source,
    recordedAt: sound.has(':recorded_at') ? source.recordedAt : undefined,
    validity: sound.has(':valid_from') && sound.has(':valid_to') ? source.validity : undefined,
  }
  const only = mappedKeys({ source: kept, role }).flatMap(({ name }) =>
    sound.has(name) && !name.startsWith(':') ? [name] : [],
  )
  for (const parsed of await parseExpressions({ session }, { source: kept, sourceName, role, only }))
    expressions.set(...parsed)
  return { mapping: mapSource({ source: kept, sourceName, role, only }, names, expressions), expressions, found }
}

/** Declared types of the columns that are there; the others are faults of their own. */
export function withTypesOf(source: LookRequest['source'], names: readonly string[]): LookRequest['source'] {
  return { ...source, types: Object.fromEntries(Object.entries(source.types).filter(([name]) => names.includes(name))) }
}

export function faultOf(error: unknown, sourceName: string, where: string): DefinitionFault {
  if (!(error instanceof ResegmentError)) throw error
  return { key: `sources.${sourceName}.${where}`, what: `${error.what} ${error.remedy}` }
}
