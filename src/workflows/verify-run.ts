import { CancellationScope, proxyActivities } from '@temporalio/workflow'
import { setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow'
import type { Activities } from '../activities/activities.ts'
import type { VerifyActivities, VerifyInput } from '../activities/verify-activities.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import { formatRunId } from '../run/run-key.ts'
import {
  type ComputedStage,
  judgeVerification,
  type Verification,
  type VerificationProgress,
  type VerifiedStage,
} from '../run/verification.ts'
import { nameSteps, queueBeside } from './activity-steps.ts'
import { ofLiveModelSteps } from './live-features.ts'
import { verificationQuery } from './messages.ts'
import { RunAttributes } from './run-attributes.ts'
import { renderVerificationPage } from './verification-page.ts'
import { VerifiedStages } from './verified-stages.ts'

const patience = {
  scheduleToCloseTimeout: '24 hours',
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '60 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes', backoffCoefficient: 2 },
} as const

/**
 * Computes a finished run again from what it recorded, in a folder of its own, and compares the content of each stage and what consumers
 * can read. Stops at the first stage that gives something else. Ends Completed whatever the answer is.
 */
export async function verifyRun(input: VerifyInput): Promise<Verification> {
  const { taskQueue, runId } = workflowInfo()
  const io = { ...patience, taskQueue: queueBeside(taskQueue, 'io') }
  const compute = proxyActivities<Activities>({ ...patience, taskQueue: queueBeside(taskQueue, 'compute') })
  const { planVerification, compareInputs, digestRows, comparePublished, endVerification } =
    proxyActivities<VerifyActivities>(io)
  const quick = nameSteps(proxyActivities<Activities>(io))
  const heavy = nameSteps(compute)
  const heavyOfLiveModel = nameSteps(compute, {}, ofLiveModelSteps)
  const { pipeline } = input.definition.pipeline
  const { runKey, revision } = input

  let progress: VerificationProgress = { at: 'plan', stages: [] }
  const enter = (at: VerificationProgress['at']): void => {
    progress = { ...progress, at }
    setCurrentDetails(renderVerificationPage(input, progress))
  }
  setHandler(verificationQuery, () => progress, { description: 'How far the verification has come.' })
  new RunAttributes().set({ pipeline, run: formatRunId(input), stage: 'verify' })
  enter('plan')

  const planned = await planVerification(input, runId)
  const { plan, refs, erased } = planned
  const stages = new VerifiedStages(planned, { quick, heavy, heavyOfLiveModel })
  /** @returns whether the stage gave what it gave then */
  const compare = async (stage: ComputedStage, how: VerifiedStage['how'], then: ArtifactRef, now: ArtifactRef) => {
    const [recorded, found] =
      erased > 0 ? ((await digestRows(plan, [then, now])) as [string, string]) : [then.contentDigest, now.contentDigest]
    progress = {
      ...progress,
      stages: [...progress.stages, { stage, how, isEqual: recorded === found, recorded, found }],
    }
    return recorded === found
  }
  const answer = (places: Verification['places'] = [], inputs = planned.inputs): Verification => {
    const found = { stages: progress.stages, places, versions: planned.versions, erased }
    const verification = { pipeline, runKey, revision, ...found, ...judgeVerification({ ...found, inputs }) }
    setCurrentDetails(renderVerificationPage(input, progress, verification))
    return verification
  }

  try {
    if (planned.inputs.length > 0) return answer()
    let clean: ArtifactRef | null = null
    if (planned.raw && !input.fromSource) {
      await compare('extract', 'reused', planned.raw, planned.raw)
      enter('cleanse')
      clean = await stages.cleanseIfKept(planned.raw)
    }
    if (!clean) {
      progress = { ...progress, stages: [] }
      enter('extract')
      const { ref: raw } = await stages.extract()
      const inputs = await compareInputs(planned, raw)
      await compare('extract', 'read again', planned.raw ?? raw, raw)
      if (inputs.length > 0) return answer([], inputs)
      enter('cleanse')
      clean = await stages.cleanse(raw)
    }
    if (!(await compare('cleanse', 'computed again', refs.clean, clean))) return answer()
    enter('features')
    const features = await stages.features(clean)
    if (!(await compare('features', 'computed again', refs.features, features))) return answer()
    enter('cluster')
    const candidate = await stages.cluster(features)
    if (!(await compare('cluster', 'computed again', refs.candidate, candidate))) return answer()
    if (erased === 0) {
      enter('validate')
      const validation = await stages.validate({ clean, features, candidate })
      if (!(await compare('validate', 'computed again', planned.validation, validation))) return answer()
    }
    enter('publish')
    return answer(await comparePublished(planned, erased > 0 ? candidate : null))
  } finally {
    await CancellationScope.nonCancellable(() => endVerification(plan))
  }
}
