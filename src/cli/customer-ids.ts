import { readFile } from 'node:fs/promises'
import { stdin } from 'node:process'
import { WrongUsage } from '../errors/wrong-usage.ts'

/** Where a command is told of customers. */
export interface CustomerNames {
  readonly ids: readonly string[]
  /** An id a line; `-`: standard input. */
  readonly file?: string
}

/** Ids as they are in the source, each once. @throws WrongUsage when there is none, or the file cannot be read */
export async function readCustomerIds({ ids, file }: CustomerNames): Promise<readonly string[]> {
  const all = [...ids, ...(file === undefined ? [] : await linesOf(file))]
  if (all.length > 0) return [...new Set(all)]
  throw new WrongUsage(
    'No customer was named.',
    'Name ids as they are in the source, or a file with an id a line: --file ids.txt (- for standard input).',
  )
}

async function linesOf(file: string): Promise<readonly string[]> {
  const text = file === '-' ? await readStdin() : await readFile(file, 'utf8').catch(refuse)
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function refuse(error: Error): never {
  throw new WrongUsage(`The file of ids cannot be read: ${error.message}.`, 'Name a text file with an id a line.')
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
