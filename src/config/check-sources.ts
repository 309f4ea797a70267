import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import { sourcesByRole, type Source, type SourceLocation } from '../stages/extract/config.ts'
import { missingNames } from '../stages/extract/mapping.ts'
import type { SourceRole } from '../run/data-roles.ts'
import { dialectOf } from '../stages/extract/written-text.ts'
import { checkZone } from './check-zone.ts'
import { describeValue, listNames, quote, suggestName } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

type ConnectionCheck = (kind: 'postgres' | 's3', name: string, path: KeyPath) => readonly Finding[]

/** What the keys of each source must be to one another and to the rest of the project. */
export function checkSources(project: Project, checkConnection: ConnectionCheck): readonly Finding[] {
  return Object.entries(project.sources).flatMap(([name, source]) => {
    const path = ['sources', name]
    return [
      ...placesOf(source, path).flatMap(([place, at]) => checkPlace(place, at, checkConnection)),
      ...checkZone(source.timezone, [...path, 'timezone']),
      ...checkTypes(source, [...path, 'types']),
      ...checkKey(source, path),
      ...checkLookups(project, source, path),
      ...(dialectOf(source) === undefined
        ? [
            {
              path: [...path, 'from'],
              came: 'places that write values in different ways',
              wanted:
                'the same decimal, thousands, nulls, dateFormat and timestampFormat in the csv of each, or two sources',
            },
          ]
        : []),
    ]
  })
}

/** The sources that a pipeline names for its roles. */
export function checkRoles({ extract }: Pipeline, project: Project): readonly Finding[] {
  const named = sourcesByRole(extract).flatMap(([role, names]) =>
    names.map((name, index) => {
      const path = Array.isArray(extract[role]) ? ['extract', role, index] : ['extract', role]
      return { role, name, path, isRepeated: names.indexOf(name) < index }
    }),
  )
  return [
    ...named.flatMap(({ role, name, path, isRepeated }) =>
      isRepeated
        ? [{ path, came: `${quote(name)}, again`, wanted: 'each source once in a role: its rows would count twice' }]
        : checkRole(project, role, name, path),
    ),
    ...(extract.population === 'customers' && extract.customers === undefined
      ? [
          {
            path: ['extract', 'population'],
            came: '"customers"',
            wanted: 'a source under extract.customers: that is who would be segmented',
          },
        ]
      : []),
    ...(extract.population === 'transactions' && extract.transactions === undefined
      ? [
          {
            path: ['extract', 'population'],
            came: '"transactions"',
            wanted: 'a source under extract.transactions, or population: customers',
          },
        ]
      : []),
    ...(extract.rates !== undefined && extract.currency === undefined
      ? [
          {
            path: ['extract', 'rates'],
            ofKey: true,
            came: 'rates without a currency',
            wanted: 'extract.currency beside them: into which money is converted',
          },
        ]
      : []),
    ...(extract.purpose !== undefined && extract.consent === undefined
      ? [
          {
            path: ['extract', 'purpose'],
            came: quote(extract.purpose),
            wanted: 'a source under extract.consent that says who agreed to it',
          },
        ]
      : []),
  ]
}

/** Attributes that a past as-of would see as they are today; no fault, but a run says so and people should know before. */
export function findLookAhead({ extract }: Pipeline, project: Project): readonly Finding[] {
  return sourcesByRole(extract).flatMap(([role, names]) =>
    names.flatMap((name, index) => {
      const source = project.sources[name]
      if (role !== 'customers' || !source || source.recordedAt !== undefined || source.validity !== undefined) return []
      return [
        {
          path: Array.isArray(extract[role]) ? ['extract', role, index] : ['extract', role],
          came: `source ${name}, which says neither when a row became known nor how long it was true`,
          wanted: `recordedAt or validity under sources.${name}: without them a past as-of sees the attributes of today`,
        },
      ]
    }),
  )
}

function placesOf({ from }: Source, path: KeyPath): readonly (readonly [SourceLocation, KeyPath])[] {
  return Array.isArray(from)
    ? from.map((place, index) => [place, [...path, 'from', index]] as const)
    : [[from, [...path, 'from']]]
}

function checkPlace(place: SourceLocation, path: KeyPath, checkConnection: ConnectionCheck): readonly Finding[] {
  if (!('file' in place)) return checkConnection('postgres', place.connection, [...path, 'connection'])
  const { csv } = place
  return [
    ...(place.connection === undefined ? [] : checkConnection('s3', place.connection, [...path, 'connection'])),
    ...(csv && csv.thousands === csv.decimal
      ? [
          {
            path: [...path, 'csv', 'thousands'],
            came: `${quote(csv.decimal)}, which is also the decimal mark`,
            wanted: `another mark; with thousands: "." goes decimal: ","`,
          },
        ]
      : []),
  ]
}

/** Only columns of text files need types: a table and a Parquet file have their own. */
function checkTypes({ from, types }: Source, path: KeyPath): readonly Finding[] {
  const isText = [from]
    .flat()
    .some((place) => 'file' in place && (place.format ?? place.file.split('.').pop()) !== 'parquet')
  if (Object.keys(types).length === 0 || isText) return []
  return [
    {
      path,
      ofKey: true,
      came: describeValue(types),
      wanted: 'no types here: only columns of text files are declared, tables and Parquet files have their own types',
    },
  ]
}

function checkKey({ key, recordedAt, columns, lookups }: Source, path: KeyPath): readonly Finding[] {
  if (key === undefined) return []
  const names = [...Object.keys(columns), ...lookups.flatMap((lookup) => lookup.columns)]
  return [
    ...key.flatMap((name, index) =>
      names.includes(name)
        ? []
        : [
            {
              path: [...path, 'key', index],
              came: quote(name),
              wanted: listNames('a canonical column of the source', names),
              hint: suggestName(name, names),
            },
          ],
    ),
    ...(recordedAt === undefined
      ? [
          {
            path: [...path, 'key'],
            ofKey: true,
            came: 'a key without recordedAt',
            wanted: 'recordedAt beside it: it says which version of a row is the last one',
          },
        ]
      : []),
  ]
}

function checkLookups(project: Project, source: Source, path: KeyPath): readonly Finding[] {
  const present = new Set(Object.keys(source.columns))
  return source.lookups.flatMap((lookup, index) => {
    const at = [...path, 'lookups', index]
    const other = project.sources[lookup.source]
    const names = Object.keys(project.sources)
    if (!other)
      return [
        {
          path: [...at, 'source'],
          came: quote(lookup.source),
          wanted: listNames('a source of resegment.yaml', names),
          hint: suggestName(lookup.source, names),
        },
      ]
    const theirs = Object.keys(other.columns)
    const findings = [
      ...[lookup.on, ...lookup.columns].flatMap((name, position) =>
        theirs.includes(name)
          ? []
          : [
              {
                path: position === 0 ? [...at, 'on'] : [...at, 'columns', position - 1],
                came: quote(name),
                wanted: listNames(`a canonical column that source ${lookup.source} maps`, theirs),
                hint: suggestName(name, theirs),
              },
            ],
      ),
      ...(present.has(lookup.on)
        ? []
        : [
            {
              path: [...at, 'on'],
              came: quote(lookup.on),
              wanted: listNames('a canonical column that the source itself maps', [...present]),
              hint: suggestName(lookup.on, [...present]),
            },
          ]),
    ]
    // A later lookup may go on from what this one brings.
    for (const name of lookup.columns) present.add(name)
    return findings
  })
}

function checkRole(project: Project, role: SourceRole, name: string, path: KeyPath): readonly Finding[] {
  const names = Object.keys(project.sources)
  const source = project.sources[name]
  if (!source)
    return [
      {
        path,
        came: quote(name),
        wanted: listNames('a source of resegment.yaml', names),
        hint: suggestName(name, names),
      },
    ]
  const missing = missingNames(source, role)
  if (missing.length === 0) return []
  return [
    {
      path,
      came: `source ${name}, which maps ${Object.keys(source.columns).join(', ') || 'no columns'}`,
      wanted: `a source that also maps ${missing.join(', ')}; add to sources.${name}.columns in resegment.yaml`,
      hint: suggestName(missing[0]!, Object.keys(source.columns)),
    },
  ]
}
