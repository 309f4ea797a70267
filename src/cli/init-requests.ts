import { existsSync, statSync } from 'node:fs'
import { basename, extname, relative, resolve } from 'node:path'
import { WrongUsage } from '../errors/wrong-usage.ts'
import { plainName } from '../init/column-names.ts'
import type { PlaceRequest } from '../wiring/look-at-places.ts'

const READABLE = /\.(csv|tsv|txt|parquet|jsonl|ndjson)(\.gz)?$/i
/** Endings that nobody gives a table. */
const OTHER_FILES =
  /\.(xlsx?|ods|json|xml|zip|rar|7z|tar|sql|db|sqlite3?|dat|log|avro|orc|feather|arrow|sav|dta|rds|rda|pdf|docx?|bz2|zst|gz)$/i

/** A place as it was named on the command line. */
export interface NamedPlace extends PlaceRequest {
  readonly text: string
}

/** @throws WrongUsage when a file is of a kind that is not read */
export function placesOf(texts: readonly string[], projectFolder: string, connection: string): readonly NamedPlace[] {
  const taken = new Set<string>()
  return texts.map((text) => {
    const name = freeName(sourceName(text, 55), taken)
    taken.add(name)
    const path = resolve(text)
    const isFile = existsSync(path) || /[/\\*]/.test(text) || READABLE.test(text) || OTHER_FILES.test(text)
    if (!isFile) return { text, name, from: { connection, table: text } }
    if (!text.includes('*')) checkFile(text, path)
    const inside = relative(projectFolder, path)
    return { text, name, from: { file: inside === '' ? path : inside } }
  })
}

function checkFile(text: string, path: string): void {
  if (existsSync(path) && statSync(path).isDirectory())
    throw new WrongUsage(`${text} is a folder.`, `Name the files in it: --from ${text}/*.csv`)
  if (READABLE.test(text)) return
  throw new WrongUsage(
    `${text} ends in ${extname(text) || 'nothing'}, which is no kind of file that is read.`,
    'Files may end in .csv, .tsv, .txt, .jsonl, .ndjson (each also with .gz) or .parquet: save it as one of them, or name a table of Postgres.',
  )
}

/** `data/Order Lines.csv.gz` and `sales.order_lines` are `order_lines`. */
export function sourceName(text: string, length: number): string {
  const bare = basename(text).replace(/(\.(csv|tsv|txt|parquet|jsonl|ndjson))?(\.gz)?$/i, '')
  const name = plainName(bare.split('.').at(-1)!)
    .replaceAll(/[^a-z0-9_]/g, '')
    .replace(/^[^a-z]+/, '')
  return name.slice(0, length) || 'orders'
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name
  for (let at = 2; taken.has(free); at++) free = `${name}_${at}`
  return free
}
