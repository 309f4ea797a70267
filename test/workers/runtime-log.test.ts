import { Runtime } from '@temporalio/worker'
import { expect, it } from 'vitest'
import { installRuntime } from '../../src/workers/runtime-log.ts'

const log = { level: 'error', destination: 'stderr' }

it('installs the runtime once in a process, also where its module is loaded twice', async () => {
  installRuntime(log)
  const runtime = Runtime.instance()
  const secondCopy = '../../src/workers/runtime-log.ts?second'
  const again = (await import(secondCopy)) as { installRuntime: typeof installRuntime }
  expect(again.installRuntime).not.toBe(installRuntime)
  again.installRuntime(log)
  expect(Runtime.instance()).toBe(runtime)
})
