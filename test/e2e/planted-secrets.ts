import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { TemporalAccess } from '../../src/client/connect.ts'
import { quoteText } from '../../src/sql/sql-text.ts'

/** No other test plants it. */
const MARK = 'planted5ec2e7'
const secret = (kind: string): string => `${MARK}-${kind}`

/** Every kind of secret that a project has, each with a value of its own that nothing else contains. */
export const SECRETS = {
  'password of the warehouse': secret('warehouse'),
  'password of a source': secret('source'),
  'secret key of S3': secret('s3'),
  'API key of Temporal': secret('api-key'),
  'token in the address of a channel': secret('chat-token'),
  'password of the mail server': secret('mail'),
  'token in the address of a destination': secret('crm-token'),
  'signing key of a destination': secret('crm-key'),
  'what a command prints': secret('printed-by-command'),
  'payload key': Buffer.from(secret('payload').padEnd(32, 'x').slice(0, 32)).toString('base64'),
  'key of pseudonyms': secret('pseudonyms-that-are-long-enough'),
  'key of the suppression list': secret('privacy-key-that-is-long-enough'),
  'key of the ledger': secret('ledger-key-that-is-long-enough'),
}

/** How a value may be written: as it is, in a URL, as Base64, in hexadecimal digits. */
function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  return [value, encodeURIComponent(value), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')]
}

/** The kinds of which a text has a value. */
export function secretsIn(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const lower = text.toLowerCase()
  return Object.entries({ ...SECRETS, ...others })
    .filter(([, value]) => formsOf(value).some((form) => text.includes(form) || lower.includes(form.toLowerCase())))
    .map(([kind]) => kind)
}

/** All files below folders as text; rows of Parquet as they are written in SQL, since their bytes are compressed. */
export async function textOfFiles(folders: readonly string[]): Promise<string> {
  const paths = folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const texts: string[] = []
    for (const path of paths) {
      texts.push(path, readFileSync(path, 'latin1'))
      if (!path.endsWith('.parquet')) continue
      const rows = await connection.runAndReadAll(`SELECT CAST(r AS VARCHAR) FROM read_parquet(${quoteText(path)}) r`)
      texts.push(...rows.getRows().map(([row]) => String(row)))
    }
    return texts.join('\n')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Histories of the workflows of a target, bytes of payloads as text. */
export async function textOfHistories({ client }: TemporalAccess, target: string): Promise<string> {
  const texts: string[] = []
  for await (const { workflowId, runId } of client.workflow.list({
    query: `TaskQueue = "resegment-${target}-workflow"`,
  }))
    texts.push(workflowId, textOf(await client.workflow.getHandle(workflowId, runId).fetchHistory()))
  return texts.join('\n')
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (value !== null && typeof value === 'object') return Object.entries(value).flat().map(textOf).join('\n')
  return String(value)
}
