import type { Kysely } from 'kysely'
import * as runs from './0001-runs.ts'
import * as publications from './0002-publications.ts'
import * as memberships from './0003-memberships.ts'
import * as customerViews from './0004-customer-views.ts'
import * as segmentViews from './0005-segment-views.ts'
import * as runViews from './0006-run-views.ts'
import * as restoredPeriods from './0007-restored-periods.ts'
import * as liveRuns from './0008-live-runs.ts'
import * as dataQuality from './0009-data-quality.ts'
import * as ownKeys from './0010-own-keys.ts'
import * as modelEvidence from './0011-model-evidence.ts'
import * as methodOutputs from './0012-method-outputs.ts'
import * as segmentIdentity from './0013-segment-identity.ts'
import * as forecastEvidence from './0014-forecast-evidence.ts'
import * as adopted from './0015-adopted.ts'
import * as comparisons from './0016-comparisons.ts'
import * as gatePages from './0017-gate-pages.ts'
import * as decisionIdentity from './0018-decision-identity.ts'
import * as definitions from './0019-definitions.ts'
import * as rollbacks from './0020-rollbacks.ts'
import * as snapshots from './0021-snapshots.ts'
import * as saidNulls from './0022-said-nulls.ts'
import * as activation from './0030-activation.ts'
import * as historical from './0031-historical.ts'
import * as syncsOfRollbacks from './0035-syncs-of-rollbacks.ts'
import * as sweptEffects from './0036-swept-effects.ts'
import * as erasure from './0040-erasure.ts'
import * as schedules from './0050-schedules.ts'
import * as alarms from './0051-alarms.ts'
import * as customerFeatures from './0060-customer-features.ts'
import * as segmentKpis from './0061-segment-kpis.ts'
import * as effectiveness from './0062-effectiveness.ts'
import * as toldAlarms from './0064-told-alarms.ts'
import * as scorecards from './0066-scorecards.ts'
import * as playbook from './0067-playbook.ts'
import * as feedback from './0068-feedback.ts'
import * as reviews from './0069-reviews.ts'
import * as experiments from './0070-experiments.ts'

export interface Migration {
  up(db: Kysely<unknown>): Promise<void>
}

/** Every migration by its number. Released ones are never changed; the next one is appended. */
export const allMigrations: Readonly<Record<string, Migration>> = {
  '0001-runs': runs,
  '0002-publications': publications,
  '0003-memberships': memberships,
  '0004-customer-views': customerViews,
  '0005-segment-views': segmentViews,
  '0006-run-views': runViews,
  '0007-restored-periods': restoredPeriods,
  '0008-live-runs': liveRuns,
  '0009-data-quality': dataQuality,
  '0010-own-keys': ownKeys,
  '0011-model-evidence': modelEvidence,
  '0012-method-outputs': methodOutputs,
  '0013-segment-identity': segmentIdentity,
  '0014-forecast-evidence': forecastEvidence,
  '0015-adopted': adopted,
  '0016-comparisons': comparisons,
  '0017-gate-pages': gatePages,
  '0018-decision-identity': decisionIdentity,
  '0019-definitions': definitions,
  '0020-rollbacks': rollbacks,
  '0021-snapshots': snapshots,
  '0022-said-nulls': saidNulls,
  '0030-activation': activation,
  '0031-historical': historical,
  '0035-syncs-of-rollbacks': syncsOfRollbacks,
  '0036-swept-effects': sweptEffects,
  '0040-erasure': erasure,
  '0050-schedules': schedules,
  '0051-alarms': alarms,
  '0060-customer-features': customerFeatures,
  '0061-segment-kpis': segmentKpis,
  '0062-effectiveness': effectiveness,
  '0064-told-alarms': toldAlarms,
  '0066-scorecards': scorecards,
  '0067-playbook': playbook,
  '0068-feedback': feedback,
  '0069-reviews': reviews,
  '0070-experiments': experiments,
}

export const newestMigration = Object.keys(allMigrations).sort().at(-1)!
