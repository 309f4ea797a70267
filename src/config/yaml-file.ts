import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import type { ConfigProblem } from '../errors/config-invalid.ts'

export type KeyPath = readonly (string | number)[]

/** Something wrong at a key, before it is known where that key stands in the file. */
export interface Finding {
  readonly path: KeyPath
  /** Point at the key rather than at its value. */
  readonly ofKey?: boolean
  readonly came: string
  readonly wanted: string
  readonly hint?: string | null
}

/** A YAML file that was read: its value, and where each key of it stands. */
export interface YamlFile {
  /** Relative to the project folder. */
  readonly name: string
  readonly value: unknown
  /** What is wrong with the file as YAML; its value is then not to be used. */
  readonly syntaxProblems: readonly ConfigProblem[]
  problem(finding: Finding): ConfigProblem
}

export function readYaml(name: string, text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  // After the first break the rest is misread: its errors would only confuse.
  const broken = document.errors.find((error) => error.code !== 'DUPLICATE_KEY')
  const syntaxProblems = document.errors
    .filter((error) => error.code === 'DUPLICATE_KEY' || error === broken)
    .map((error) => ({
      file: name,
      ...positionOf(error.pos[0]),
      key: '',
      came: error.code === 'DUPLICATE_KEY' ? 'a key that was there before' : error.message,
      wanted: error.code === 'DUPLICATE_KEY' ? 'each key once' : 'valid YAML',
      hint: null,
    }))
  return {
    name,
    value: syntaxProblems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
    syntaxProblems,
    problem: ({ path, ofKey, came, wanted, hint }) => ({
      file: name,
      ...positionOf(offsetOf(document, path, ofKey ?? false)),
      key: formatKeyPath(path),
      came,
      wanted,
      hint: hint ?? null,
    }),
  }
}

/** `cleanse[1].do` */
export function formatKeyPath(path: KeyPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : (index > 0 ? '.' : '') + step)).join('')
}

/** Offset of a key or value; of the nearest thing around it when it is not there. */
function offsetOf(document: Document.Parsed, path: KeyPath, ofKey: boolean): number {
  let node: Node | null = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const [depth, step] of path.entries()) {
    const inner: Node | null | undefined = isAlias(node) ? node.resolve(document) : node
    const isLast = depth === path.length - 1
    if (isMap<Node, Node | null>(inner)) {
      const pair = inner.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (!pair) return offset
      const isEmpty = !pair.value || (isScalar(pair.value) && pair.value.value === null)
      node = (isLast && ofKey) || isEmpty ? pair.key : pair.value
    } else if (isSeq<Node>(inner) && typeof step === 'number') node = inner.items[step] ?? null
    else return offset
    offset = node?.range?.[0] ?? offset
  }
  return offset
}
