import type { PayloadCodec } from '@temporalio/common'
import type { Activities } from '../activities/activities.ts'
import { makeAnnounceActivities } from '../activities/announce.ts'
import { makeCleanseActivities } from '../activities/cleanse.ts'
import { makeClusterActivities } from '../activities/cluster.ts'
import { makeErasureActivities } from '../activities/erase-customer.ts'
import type { ErasureActivities } from '../activities/erasure-activities.ts'
import { makeExtractActivities } from '../activities/extract.ts'
import { makeFeaturesActivities } from '../activities/features.ts'
import { makePlanRunActivities } from '../activities/plan-run.ts'
import { makePublishActivities } from '../activities/publish.ts'
import { makeRecordRunActivities } from '../activities/record-run.ts'
import { makeRemindActivities } from '../activities/remind.ts'
import type { NoticeActivities } from '../activities/notice-activities.ts'
import { makeNoticeActivities } from '../activities/send-notice.ts'
import type { ReviewActivities } from '../activities/review-activities.ts'
import { makeReviewActivities } from '../activities/review-segmentation.ts'
import type { SyncActivities } from '../activities/sync-activities.ts'
import { makeSyncActivities } from '../activities/sync-destination.ts'
import { makeSweepActivities, type SweepActivities } from '../activities/sweep.ts'
import { makeValidateActivities } from '../activities/validate.ts'
import type { VerifyActivities } from '../activities/verify-activities.ts'
import { makeVerifyActivities } from '../activities/verify-run.ts'
import { makeWatchActivities, type WatchActivities } from '../activities/watch-runs.ts'
import type { Environment } from '../config/environment.ts'
import { type TaskQueues, taskQueuesOf } from '../plan/target-names.ts'
import type { Services } from '../ports/services.ts'
import { payloadCodecsOf } from './payload-codecs.ts'
import { makeServices } from './services.ts'

type AllActivities = Activities &
  SweepActivities &
  SyncActivities &
  ErasureActivities &
  VerifyActivities &
  WatchActivities &
  ReviewActivities &
  NoticeActivities

/** What workers of a target serve. */
export interface WorkerSetup {
  readonly taskQueues: TaskQueues
  readonly activities: AllActivities
  readonly payloadCodecs: PayloadCodec[]
  close(): Promise<void>
}

export function makeWorkerSetup(environment: Environment, targetName: string): WorkerSetup {
  const services = makeServices(environment)
  return {
    taskQueues: taskQueuesOf(targetName),
    activities: makeActivities(services),
    payloadCodecs: payloadCodecsOf(environment),
    close: () => services.close(),
  }
}

export function makeActivities(services: Services): AllActivities {
  return {
    ...makePlanRunActivities(services),
    ...makeRecordRunActivities(services),
    ...makeRemindActivities(services),
    ...makeAnnounceActivities(services),
    ...makeExtractActivities(services),
    ...makeCleanseActivities(services),
    ...makeFeaturesActivities(services),
    ...makeClusterActivities(services),
    ...makeValidateActivities(services),
    ...makePublishActivities(services),
    ...makeSyncActivities(services),
    ...makeNoticeActivities(services),
    ...makeSweepActivities(services),
    ...makeVerifyActivities(services),
    ...makeErasureActivities(services),
    ...makeWatchActivities(services),
    ...makeReviewActivities(services),
  }
}
