import { inject } from 'vitest'
import { readEnvironment, type Environment } from '../src/config/environment.ts'
import { startStack, type Endpoints } from '../src/wiring/stack.ts'

export interface TestStack {
  /** For child processes, and for `readEnvironment`. */
  readonly overrides: Readonly<Record<string, string>>
  readonly endpoints: Endpoints
  /** The environment with the servers in it. */
  readonly environment: Environment
}

let used: Promise<TestStack> | undefined

/**
 * The servers that all test files share: the first file that asks starts them, the end of the test run stops them. Keep apart from other
 * files by a schema, bucket or prefix, and task queues of your own.
 */
export function useStack(): Promise<TestStack> {
  return (used ??= startShared())
}

async function startShared(): Promise<TestStack> {
  const stack = await startStack({
    stateFolder: inject('stateFolder'),
    environment: readEnvironment(),
    durable: false,
  })
  await stack.keep()
  return { overrides: stack.overrides, endpoints: stack.endpoints, environment: readEnvironment(stack.overrides) }
}
