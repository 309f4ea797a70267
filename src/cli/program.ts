import type { Command } from 'commander'
import { codeVersion } from '../wiring/code-version.ts'
import { addSharedOptions } from './command-context.ts'
import { ofThisProcess, Program, type Surroundings } from './surroundings.ts'

type AddCommand = (program: Command) => void

/** Each command with its file, in the order of the help: define, serve, run, look, decide, diagnose, try. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  init: async () => (await import('./commands/init.ts')).addInit,
  check: async () => (await import('./commands/check.ts')).addCheck,
  features: async () => (await import('./commands/features.ts')).addFeatures,
  effectiveness: async () => (await import('./commands/effectiveness.ts')).addEffectiveness,
  trial: async () => (await import('./commands/trial.ts')).addTrial,
  review: async () => (await import('./commands/review.ts')).addReview,
  kpis: async () => (await import('./commands/kpis.ts')).addKpis,
  scorecard: async () => (await import('./commands/scorecard.ts')).addScorecard,
  privacy: async () => (await import('./commands/privacy.ts')).addPrivacy,
  export: async () => (await import('./commands/export.ts')).addExport,
  gates: async () => (await import('./commands/gates.ts')).addGates,
  dev: async () => (await import('./commands/dev.ts')).addDev,
  endpoints: async () => (await import('./commands/endpoints.ts')).addEndpoints,
  worker: async () => (await import('./commands/worker.ts')).addWorker,
  migrate: async () => (await import('./commands/migrate.ts')).addMigrate,
  run: async () => (await import('./commands/run.ts')).addRun,
  adopt: async () => (await import('./commands/adopt.ts')).addAdopt,
  profile: async () => (await import('./commands/profile.ts')).addProfile,
  deploy: async () => (await import('./commands/deploy.ts')).addDeploy,
  schedule: async () => (await import('./commands/schedule.ts')).addSchedule,
  backfill: async () => (await import('./commands/backfill.ts')).addBackfill,
  runs: async () => (await import('./commands/runs.ts')).addRuns,
  describe: async () => (await import('./commands/describe.ts')).addDescribe,
  logs: async () => (await import('./commands/logs.ts')).addLogs,
  compare: async () => (await import('./commands/compare.ts')).addCompare,
  report: async () => (await import('./commands/report.ts')).addReport,
  moves: async () => (await import('./commands/moves.ts')).addMoves,
  diff: async () => (await import('./commands/diff.ts')).addDiff,
  segments: async () => (await import('./commands/segments.ts')).addSegments,
  customer: async () => (await import('./commands/customer.ts')).addCustomer,
  similar: async () => (await import('./commands/similar.ts')).addSimilar,
  consumers: async () => (await import('./commands/consumers.ts')).addConsumers,
  approve: async () => (await import('./commands/decide.ts')).addApprove,
  reject: async () => (await import('./commands/decide.ts')).addReject,
  'use-live-model': async () => (await import('./commands/decide.ts')).addUseLiveModel,
  rollback: async () => (await import('./commands/rollback.ts')).addRollback,
  tag: async () => (await import('./commands/tag.ts')).addTag,
  tags: async () => (await import('./commands/tags.ts')).addTags,
  untag: async () => (await import('./commands/untag.ts')).addUntag,
  suppress: async () => (await import('./commands/suppress.ts')).addSuppress,
  forget: async () => (await import('./commands/forget.ts')).addForget,
  feedback: async () => (await import('./commands/feedback.ts')).addFeedback,
  experiment: async () => (await import('./commands/experiment.ts')).addExperiment,
  sync: async () => (await import('./commands/sync.ts')).addSync,
  notify: async () => (await import('./commands/notify.ts')).addNotify,
  retry: async () => (await import('./commands/retry.ts')).addRetry,
  pause: async () => (await import('./commands/pause.ts')).addPause,
  resume: async () => (await import('./commands/pause.ts')).addResume,
  cancel: async () => (await import('./commands/cancel.ts')).addCancel,
  verify: async () => (await import('./commands/verify.ts')).addVerify,
  sweep: async () => (await import('./commands/sweep.ts')).addSweep,
  'replay-check': async () => (await import('./commands/replay-check.ts')).addReplayCheck,
  'codec-server': async () => (await import('./commands/codec-server.ts')).addCodecServer,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  'demo-data': async () => (await import('./commands/demo-data.ts')).addDemoData,
}

/**
 * The command line without running it: also what the reference page is generated from.
 *
 * @param words what was typed: only commands named there are loaded, so that `check` need not wait for the engine and the SDK. Absent, or
 *   with no command in them: all
 */
export async function buildProgram(
  words: readonly string[] = [],
  surroundings: Surroundings = ofThisProcess,
): Promise<Program> {
  const program = new Program('resegment', surroundings)
  addSharedOptions(program)
    .description('Durable re-segmentation of customers, compared with what is live before it is published.')
    .version(codeVersion())
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .showHelpAfterError('Run it with --help to see what it takes.')
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage or definition, 3 held for a decision.')
  const named = Object.entries(commands).filter(([name]) => words.includes(name) && !words.includes('help'))
  const loaded = named.length > 0 ? named : Object.entries(commands)
  for (const addCommand of await Promise.all(loaded.map(([, load]) => load()))) addCommand(program)
  return program
}
