import { createHash } from 'node:crypto'
import type { WorkerOptions } from '@temporalio/worker'
import type { Environment } from '../config/environment.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { WorkerVersion } from '../run/worker-version.ts'
import { codeOf } from './versioned-bundle.ts'

/** What somebody said about the version of a worker. */
export interface WantedVersion {
  readonly deployment: string
  /** Default: the version of the package and a digest of the workflows' code. */
  readonly buildId: string | undefined
}

/** Two of them and Temporal's own letters go into a Workflow Id, which may have 255. */
const MOST_LETTERS = 100
const DEPLOYMENT = /^(?!__)[\w/-]+$/
const BUILD_ID = /^(?!__)[\w.+-]+$/
const DIGEST_LETTERS = 12

/**
 * What the command line says, or else the environment.
 *
 * @returns undefined where neither names a deployment: the worker has no version
 * @throws WrongUsage
 */
export function wantedVersion(
  options: { readonly deployment?: string; readonly buildId?: string },
  environment: Pick<Environment, 'deployment' | 'buildId'>,
): WantedVersion | undefined {
  const deployment = options.deployment ?? environment.deployment
  const buildId = options.buildId ?? environment.buildId
  if (deployment === undefined) {
    if (buildId === undefined) return undefined
    throw new WrongUsage(
      `A build id is given ("${buildId}"), and no deployment that it is a version of.`,
      'Give --deployment NAME (RESEGMENT_DEPLOYMENT), too, or no build id: then the worker has no version.',
    )
  }
  check('deployment', deployment, DEPLOYMENT, 'letters, digits, _, - and /')
  if (buildId !== undefined) check('build id', buildId, BUILD_ID, 'letters, digits, _, -, + and .')
  return { deployment, buildId }
}

function check(what: string, text: string, pattern: RegExp, allowed: string): void {
  if (pattern.test(text) && text.length <= MOST_LETTERS) return
  throw new WrongUsage(
    `The ${what} is "${text}", which Temporal would not take.`,
    `Use 1 to ${MOST_LETTERS} ${allowed}, without __ at the beginning.`,
  )
}

/** The version of a worker that runs this code. */
export async function resolveVersion(
  { deployment, buildId }: WantedVersion,
  packageVersion: string,
  workflowBundle: NonNullable<WorkerOptions['workflowBundle']>,
): Promise<WorkerVersion> {
  if (buildId !== undefined) return { deployment, buildId }
  const digest = createHash('sha256')
    .update(await codeOf(workflowBundle))
    .digest('hex')
    .slice(0, DIGEST_LETTERS)
  return { deployment, buildId: `${packageVersion}-${digest}` }
}
