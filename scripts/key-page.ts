import { branchesOf, typeText } from '../src/config/json-schema.ts'
import type { JsonSchema } from '../src/config/json-schema.ts'

type Row = readonly [key: string, holds: string, fallback: string, description: string]

/** A branch of a choice, with the key that says which: `method: kmeans`. */
interface Branch {
  readonly word: string
  readonly key: string
  readonly schema: JsonSchema
}

/** Keys of a file: a table of all at the top, a part for each that holds more, in it a part for each branch of a choice. */
export function keySections(schema: JsonSchema): readonly string[] {
  const parts = entriesOf(schema, '').map(([key, child, required]) => {
    const branches = choiceIn(child.items ?? child)
    return { key, child, branches, rows: branches ? [] : rowsBelow(child, key, []), own: rowOf(key, child, required) }
  })
  const hasMore = ({ branches, rows }: (typeof parts)[number]): boolean => branches !== null || rows.length > 0
  return [
    table(
      parts.map((part): Row => {
        const [key, ...cells] = part.own
        return hasMore(part) ? [`[${key}](#${part.key.toLowerCase()})`, ...cells] : part.own
      }),
    ),
    ...parts
      .filter(hasMore)
      .flatMap(({ key, child, branches, rows }) => [
        `## \`${key}\``,
        child.description ?? '',
        ...(rows.length > 0 ? [table(rows)] : []),
        ...(branches ?? []).flatMap((branch) => branchSection(branch, branches!)),
      ]),
  ]
}

/** @param all branches beside this one: where a key leads to one of them, its keys are not told again */
function branchSection({ word, key, schema }: Branch, all: readonly Branch[]): readonly string[] {
  const rows = entriesOf(schema, '')
    .filter(([name]) => name !== key)
    .flatMap(([name, child, required]) => [rowOf(name, child, required, all), ...rowsBelow(child, name, all)])
  const { description = schema.description ?? '' } = schema.properties![key]!
  return [`### \`${word}\``, description, ...(rows.length > 0 ? [table(rows)] : [])]
}

type Entry = readonly [key: string, schema: JsonSchema, isRequired: boolean]

function entriesOf(schema: JsonSchema, path: string): readonly Entry[] {
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const named = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
  return [
    ...Object.entries(schema.properties ?? {}).map(
      ([key, child]) => [below(key), child, schema.required?.includes(key) ?? false] as const,
    ),
    ...(named ? [[below('<name>'), named, false] as const] : []),
  ]
}

/** The keys below a schema, each once, or once for what it holds in each of several branches. */
function rowsBelow(schema: JsonSchema, path: string, known: readonly Branch[]): readonly Row[] {
  const choice = choiceIn(schema)
  if (choice && isKnown(choice, known))
    return once(choice.flatMap((branch) => rowsOf(besides(branch, known), path, known)))
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return once(branches.flatMap((branch) => rowsBelow(branch, nameBranch(path, branch), known)))
  if (schema.items) return rowsBelow(schema.items, `${path}[]`, known)
  return rowsOf(entriesOf(schema, path), '', known)
}

function rowsOf(entries: readonly Entry[], path: string, known: readonly Branch[]): readonly Row[] {
  return entries.flatMap(([name, child, required]) => {
    const key = path === '' ? name : `${path}.${name}`
    return [rowOf(key, child, required, known), ...rowsBelow(child, key, known)]
  })
}

/** Keys of a branch that the one of the same word has not. */
function besides({ word, schema }: Branch, known: readonly Branch[]): readonly Entry[] {
  const told = known.find((one) => one.word === word)!.schema.properties ?? {}
  return entriesOf(schema, '').filter(([name]) => !(name in told))
}

function rowOf(key: string, schema: JsonSchema, isRequired: boolean, known: readonly Branch[] = []): Row {
  const fallback = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``
  return [`\`${key}\``, holdsText(schema, known), isRequired ? 'required' : fallback, schema.description ?? '']
}

/** Of a choice only the words, of which each has a part of its own. */
function holdsText(schema: JsonSchema, known: readonly Branch[]): string {
  const choice = choiceIn(schema)
  if (choice && (known.length === 0 || isKnown(choice, known)))
    return `keys with ${choice.map(({ word }) => `\`${word}\``).join(', ')}`
  if (schema.items && choiceIn(schema.items)) return `a list of ${holdsText(schema.items, known)}`
  const nested = (schema.anyOf ?? []).find((branch) => choiceIn(branch) !== null)
  if (!nested) return typeText([schema])
  const others = (schema.anyOf ?? []).filter((branch) => branch !== nested)
  return [...(others.length > 0 ? [typeText(others)] : []), holdsText(nested, known)].join(', or ')
}

function isKnown(choice: readonly Branch[], known: readonly Branch[]): boolean {
  return choice.every(({ word }) => known.some((one) => one.word === word))
}

/** Branches that are told apart by a constant of the same key. */
function choiceIn(schema: JsonSchema): readonly Branch[] | null {
  if (!schema.anyOf && !schema.oneOf) return null
  const branches = branchesOf(schema)
  const constantIn = ({ properties = {} }: JsonSchema): string | undefined =>
    Object.keys(properties).find((key) => properties[key]!.const !== undefined)
  const key = constantIn(branches[0]!)
  if (key === undefined || branches.length < 2) return null
  const named = branches.flatMap((branch) => {
    const word = branch.properties?.[key]?.const
    return word === undefined ? [] : [{ key, word: `${key}: ${String(word)}`, schema: branch }]
  })
  return named.length === branches.length ? named : null
}

/** `groups[by: rank]`: the branch of a list whose entries say what they are. */
function nameBranch(path: string, { properties = {} }: JsonSchema): string {
  const [named] = Object.entries(properties).filter(([, { const: word, default: fallback }]) => word && !fallback)
  return named && path.endsWith('[]') ? path.replace(/\[\]$/, `[${named[0]}: ${String(named[1].const)}]`) : path
}

function once(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [row.join('\n'), row])).values()]
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((cells) => `| ${cells.map(inCell).join(' | ')} |`)
  return ['| key | holds | default | |', '|---|---|---|---|', ...lines].join('\n')
}

export function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
