import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'

const KEY = Buffer.alloc(32, 1).toString('base64')
const OLDER = Buffer.alloc(32, 2).toString('base64')
const idsOf = (variables: Record<string, string>): string[] =>
  readEnvironment(variables)
    .payloadKeys()
    .map(({ id, bytes }) => `${id}/${bytes.length}/${bytes[0]}`)

it('keys come from a variable, a mounted file or a command, newest first; without any there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'RESEGMENT_PAYLOAD_KEYS'), `new:${KEY}\nold:${OLDER}\n`)
  const command = `"${process.execPath}" -p "'new:${KEY},old:${OLDER}'"`
  const both = ['new/32/1', 'old/32/2']
  expect(idsOf({ RESEGMENT_PAYLOAD_KEYS: `new:${KEY},old:${OLDER}` })).toEqual(both)
  expect(idsOf({ RESEGMENT_SECRETS_DIR: folder })).toEqual(both)
  expect(idsOf({ RESEGMENT_PAYLOAD_KEYS_COMMAND: command })).toEqual(both)
  expect(idsOf({})).toEqual([])
})

it.each([
  ['a key that is too short', `new:${KEY.slice(0, 20)}`, /has 15 bytes as key new; wanted are keys of 32 bytes/],
  ['an entry without an id', `new:${KEY},${OLDER}`, /has no id:key as entry 2/],
  ['one id for two keys', `new:${KEY},new:${OLDER}`, /has two keys with id new/],
  ['no key at all', ' , ', /holds no key/],
])('%s is refused, and no key is quoted', (_, text, says) => {
  const read = (): unknown => idsOf({ RESEGMENT_PAYLOAD_KEYS: text })
  expect(read).toThrow(says)
  expect(read).not.toThrow(KEY.slice(0, 20))
  expect(read).not.toThrow(OLDER)
})

it('a command that fails is told by its exit code, without what it printed', () => {
  const command = `"${process.execPath}" -e "console.log('${KEY}'); process.exit(3)"`
  const read = (): unknown => idsOf({ RESEGMENT_PAYLOAD_KEYS_COMMAND: command })
  expect(read).toThrow(/RESEGMENT_PAYLOAD_KEYS_COMMAND failed: exit 3/)
  expect(read).not.toThrow(KEY)
})
