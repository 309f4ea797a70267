/** A process that holds a stack until it is told to end or killed. Arguments: state folder. */
import { readEnvironment } from '../../../src/config/environment.ts'
import { withStack } from '../../../src/wiring/with-stack.ts'

const [stateFolder] = process.argv.slice(2) as [string]
await withStack(
  { stateFolder, environment: readEnvironment(), durable: false, onStep: (line) => console.log(line) },
  async (_stack, interrupted) => {
    console.log('holding')
    await new Promise((resolve) => interrupted.addEventListener('abort', resolve))
    console.log('interrupted')
  },
)
