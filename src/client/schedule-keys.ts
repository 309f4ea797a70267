import type { ScheduleDescription } from '@temporalio/client'
import type { Payload } from '@temporalio/common'
import { isScheduleOf } from '../plan/target-names.ts'
import { KEY_ID } from '../run/payload-key.ts'
import type { TemporalAccess } from './connect.ts'

type Raw = ScheduleDescription['raw']

/** What a schedule gives its runs, and the key it is encrypted with. */
export interface ScheduleKey {
  readonly scheduleId: string
  /** Null: it is in clear. */
  readonly keyId: string | null
}

/** @returns undefined: it gives its runs nothing; null: in clear */
export function keyIdOfInput({ schedule }: Raw): string | null | undefined {
  const [payload] = schedule?.action?.startWorkflow?.input?.payloads ?? []
  return payload && keyIdOf(payload)
}

/** The key that this process encrypts with: asked of its codecs, which alone have the keys. @returns null: none */
export async function currentKeyId({ client }: TemporalAccess): Promise<string | null> {
  let payloads: Payload[] = [{ metadata: { encoding: Buffer.from('binary/null') }, data: Buffer.alloc(0) }]
  for (const codec of client.options.loadedDataConverter.payloadCodecs) payloads = await codec.encode(payloads)
  return keyIdOf(payloads[0]!)
}

/** Of each schedule of a target, without reading what it holds: also where the key is missing here. */
export async function listScheduleKeys(
  { client, namespace }: TemporalAccess,
  targetName: string,
): Promise<readonly ScheduleKey[]> {
  const keys: ScheduleKey[] = []
  for await (const { scheduleId } of client.schedule.list()) {
    if (!isScheduleOf(targetName, scheduleId)) continue
    const keyId = keyIdOfInput(await client.workflowService.describeSchedule({ namespace, scheduleId }))
    if (keyId !== undefined) keys.push({ scheduleId, keyId })
  }
  return keys
}

function keyIdOf({ metadata }: Payload): string | null {
  const id = metadata?.[KEY_ID]
  return id ? Buffer.from(id).toString() : null
}
