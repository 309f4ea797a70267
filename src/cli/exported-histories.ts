import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import proto from '@temporalio/proto'
import { WrongUsage } from '../errors/wrong-usage.ts'

const REMEDY = 'Export one with `temporal workflow show --workflow-id ID --output json > FOLDER/NAME.json`.'

const HistoryMessage = proto.temporal.api.history.v1.History

type History = proto.temporal.api.history.v1.IHistory

/** What is in a file, by the file's name. */
export interface ExportedHistory {
  readonly workflowId: string
  readonly history: History
}

/**
 * Reads the `.json` files of a folder, each a history as `temporal workflow show --output json` prints it.
 *
 * @throws WrongUsage where there are none, or one is something else
 */
export function readExportedHistories(folder: string): readonly ExportedHistory[] {
  const names = namesIn(folder)
  if (names.length === 0) throw new WrongUsage(`Folder ${folder} has no .json file.`, REMEDY)
  return names
    .sort()
    .map((name) => ({ workflowId: name.slice(0, -'.json'.length), history: readHistory(folder, name) }))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    throw new WrongUsage(`Folder ${folder} cannot be read.`, REMEDY)
  }
}

function readHistory(folder: string, name: string): History {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  } catch {
    throw new WrongUsage(`${join(folder, name)} is no JSON.`, REMEDY)
  }
  const { events } = (content ?? {}) as { readonly events?: unknown }
  if (!Array.isArray(events) || events.length === 0 || !events.every(isEvent))
    throw new WrongUsage(`${join(folder, name)} is no history as Temporal exports it: { "events": [...] }.`, REMEDY)
  return HistoryMessage.fromObject(withoutText({ events }) as Record<string, unknown>)
}

function isEvent(event: unknown): boolean {
  const { eventId, eventType } = (event ?? {}) as Readonly<Record<string, unknown>>
  return typeof eventId === 'string' && typeof eventType === 'string'
}

/**
 * Instants and spans are text in protobuf's JSON, and two numbers in a message. Not the SDK's own historyFromJSON: it wants one copy of
 * protobufjs, and npm installs several.
 */
function withoutText(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutText(one))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutText(one, name)]))
  if (typeof value !== 'string') return value
  const instant = /Time$/.test(key) && /^(?<second>[\d-]{10}T[\d:]{8})(?:\.(?<fraction>\d{1,9}))?Z$/.exec(value)?.groups
  if (instant) return { seconds: Date.parse(`${instant.second}Z`) / 1000, nanos: nanosOf(instant.fraction) }
  const span =
    /(?:Timeout|Interval|Backoff|Delay)$/.test(key) &&
    /^(?<seconds>\d+)(?:\.(?<fraction>\d{1,9}))?s$/.exec(value)?.groups
  return span ? { seconds: Number(span.seconds), nanos: nanosOf(span.fraction) } : value
}

function nanosOf(fraction = ''): number {
  return Number(fraction.padEnd(9, '0'))
}
