import { access, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, type Logger, type WorkflowBundleOption } from '@temporalio/worker'
import { keepBundle } from './kept-bundle.ts'

/** Where the packed program has its bundle; in a source tree there is none. */
const shippedBundle = new URL('../workflow-bundle.js', import.meta.url)
const workflowsEntry = new URL(`../workflows/index${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
/** All rooms, whichever the workflows load, and the exact versions of the packages. */
const bundledFrom = ['..', '../../package.json'].map((path) => new URL(path, import.meta.url))
/** Beside the packages, so that a clean installation begins anew. */
const keptBundle = new URL('../../node_modules/.cache/resegment/workflow-bundle.txt', import.meta.url)

let loading: Promise<WorkflowBundleOption> | undefined

/** The code that workflows run: the shipped bundle, or one made of the source and kept for the next worker. Loaded once a process. */
export function loadWorkflowBundle(): Promise<WorkflowBundleOption> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<WorkflowBundleOption> {
  const codePath = fileURLToPath(shippedBundle)
  try {
    await access(codePath)
    return { codePath }
  } catch {
    const make = async (): Promise<string> => (await bundleWorkflows(fileURLToPath(workflowsEntry))).code
    return {
      code: await keepBundle(
        bundledFrom.map((url) => fileURLToPath(url)),
        fileURLToPath(keptBundle),
        make,
      ),
    }
  }
}

/** Bundles as a worker would: a module that is forbidden in workflows fails it. */
export function bundleWorkflows(
  workflowsPath: string,
  logger: Logger = new DefaultLogger('WARN'),
): Promise<{ code: string }> {
  return bundleWorkflowCode({ workflowsPath, logger })
}

/** Called by the build: `dist/workflow-bundle.js`, made by the very SDK version that will run it. */
export async function writeWorkflowBundle(): Promise<string> {
  const { code } = await bundleWorkflows(fileURLToPath(workflowsEntry))
  await writeFile(shippedBundle, code)
  return fileURLToPath(shippedBundle)
}
