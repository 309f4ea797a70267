import { readFile, writeFile } from 'node:fs/promises'
import { temporal } from '@temporalio/proto'
import type { TemporalAccess } from '../../src/client/connect.ts'

const { History } = temporal.api.history.v1
export type History = temporal.api.history.v1.IHistory

/** The kinds of run whose histories every later version must replay. */
export const storedHistories = [
  'published',
  'held-then-approved',
  'held-then-live-model',
  'edited-definition',
  'held-then-superseded',
  'failed',
  'reset',
  'reset-to-last-task',
  'sync-sent',
  'sync-failed',
  'sync-superseded',
  'held-and-told',
  'failure-told',
  'notices-sent',
  'notices-refused',
  'reviewed',
  'review-failed',
  'erased',
  'erasure-incomplete',
] as const

export type StoredHistory = (typeof storedHistories)[number]

/** Fetches a history; with UPDATE_HISTORIES set also stores it, so that later versions are held against it. */
export async function keepHistory(
  { client }: TemporalAccess,
  workflowId: string,
  name: StoredHistory,
): Promise<History> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory()
  if (process.env.UPDATE_HISTORIES) {
    // Not the SDK's own historyToJSON: it wants one copy of protobufjs, and npm installs several.
    const plain = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String })
    await writeFile(fileOf(name), `${withoutHosts(JSON.stringify(plain, null, 1))}\n`)
  }
  return history
}

export async function readHistory(name: StoredHistory): Promise<History> {
  return History.fromObject(JSON.parse(await readFile(fileOf(name), 'utf8')) as Record<string, unknown>)
}

/** Payloads of a history, wherever they are: arguments, results, details. */
export function largestPayload(history: History): number {
  let largest = 0
  const visit = (value: unknown): void => {
    if (value instanceof Uint8Array) largest = Math.max(largest, value.byteLength)
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(visit)
  }
  visit(history)
  return largest
}

function fileOf(name: StoredHistory): URL {
  return new URL(`histories/${name}.json`, import.meta.url)
}

/** Identities, sticky queues and stack traces say which machine and folder wrote the history: nobody's business. */
function withoutHosts(json: string): string {
  return json
    .replaceAll(/"identity": *"[^"]*"/g, '"identity": "worker"')
    .replaceAll(/"stackTrace": *"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""')
    .replaceAll(/"\d+@[^"]*"/g, '"worker"')
}
