import type { Command } from 'commander'
import { codeVersion } from '../wiring/code-version.ts'
import { addSharedOptions } from './command-context.ts'
import summaries from './command-summaries.json' with { type: 'json' }
import { ofThisProcess, Program, type Surroundings } from './surroundings.ts'

type AddCommand = (program: Command) => void

/** Each command with its file, under the headings of the help. */
const groups: Readonly<Record<string, Readonly<Record<string, () => Promise<AddCommand>>>>> = {
  Define: {
    init: async () => (await import('./commands/init.ts')).addInit,
    check: async () => (await import('./commands/check.ts')).addCheck,
    features: async () => (await import('./commands/features.ts')).addFeatures,
    kpis: async () => (await import('./commands/kpis.ts')).addKpis,
    gates: async () => (await import('./commands/gates.ts')).addGates,
    profile: async () => (await import('./commands/profile.ts')).addProfile,
    trial: async () => (await import('./commands/trial.ts')).addTrial,
    adopt: async () => (await import('./commands/adopt.ts')).addAdopt,
  },
  Serve: {
    migrate: async () => (await import('./commands/migrate.ts')).addMigrate,
    worker: async () => (await import('./commands/worker.ts')).addWorker,
    dev: async () => (await import('./commands/dev.ts')).addDev,
    endpoints: async () => (await import('./commands/endpoints.ts')).addEndpoints,
    deploy: async () => (await import('./commands/deploy.ts')).addDeploy,
    schedule: async () => (await import('./commands/schedule.ts')).addSchedule,
    'codec-server': async () => (await import('./commands/codec-server.ts')).addCodecServer,
  },
  Run: {
    run: async () => (await import('./commands/run.ts')).addRun,
    backfill: async () => (await import('./commands/backfill.ts')).addBackfill,
    retry: async () => (await import('./commands/retry.ts')).addRetry,
    pause: async () => (await import('./commands/pause.ts')).addPause,
    resume: async () => (await import('./commands/pause.ts')).addResume,
    cancel: async () => (await import('./commands/cancel.ts')).addCancel,
  },
  Look: {
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
  },
  Decide: {
    approve: async () => (await import('./commands/decide.ts')).addApprove,
    reject: async () => (await import('./commands/decide.ts')).addReject,
    'use-live-model': async () => (await import('./commands/decide.ts')).addUseLiveModel,
    rollback: async () => (await import('./commands/rollback.ts')).addRollback,
    tag: async () => (await import('./commands/tag.ts')).addTag,
    tags: async () => (await import('./commands/tags.ts')).addTags,
    untag: async () => (await import('./commands/untag.ts')).addUntag,
  },
  Judge: {
    effectiveness: async () => (await import('./commands/effectiveness.ts')).addEffectiveness,
    review: async () => (await import('./commands/review.ts')).addReview,
    scorecard: async () => (await import('./commands/scorecard.ts')).addScorecard,
    experiment: async () => (await import('./commands/experiment.ts')).addExperiment,
    feedback: async () => (await import('./commands/feedback.ts')).addFeedback,
  },
  'Respect customers': {
    privacy: async () => (await import('./commands/privacy.ts')).addPrivacy,
    export: async () => (await import('./commands/export.ts')).addExport,
    suppress: async () => (await import('./commands/suppress.ts')).addSuppress,
    forget: async () => (await import('./commands/forget.ts')).addForget,
  },
  'Tell others': {
    sync: async () => (await import('./commands/sync.ts')).addSync,
    notify: async () => (await import('./commands/notify.ts')).addNotify,
  },
  Diagnose: {
    doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
    verify: async () => (await import('./commands/verify.ts')).addVerify,
    'replay-check': async () => (await import('./commands/replay-check.ts')).addReplayCheck,
    sweep: async () => (await import('./commands/sweep.ts')).addSweep,
  },
  Try: {
    demo: async () => (await import('./commands/demo.ts')).addDemo,
    'demo-data': async () => (await import('./commands/demo-data.ts')).addDemoData,
  },
}

/**
 * The command line without running it: also what the reference page is generated from.
 *
 * @param words what was typed: only commands named there are loaded, so that `check` and `--help` need not wait for the engine and the SDK;
 *   of the others there is as much as help says. Absent: all are loaded
 */
export async function buildProgram(
  words?: readonly string[],
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
  // `--target dev` names no command.
  const withValue = program.options.filter(({ required }) => required).map(({ long }) => long)
  const named = words?.filter((_, i) => !withValue.includes(words[i - 1]))
  for (const [heading, commands] of Object.entries(groups)) {
    program.commandsGroup(`${heading}:`)
    const adding = Object.entries(commands).map(async ([name, load]) =>
      !named || named.includes(name) ? load() : (program: Command) => addSummary(program, name),
    )
    for (const addCommand of await Promise.all(adding)) addCommand(program)
  }
  // Its own help is the last.
  program.commandsGroup('')
  return program
}

/** A command as the list of commands shows it. */
export interface CommandSummary {
  /** As in its usage: `<run>`. */
  readonly arguments: readonly string[]
  readonly hasOptions: boolean
  readonly description: string
}

function addSummary(program: Command, name: string): void {
  const summary: CommandSummary | undefined = (summaries as Readonly<Record<string, CommandSummary>>)[name]
  // A new one, before its summary is written.
  if (!summary) return
  const command = program.command(name).description(summary.description)
  for (const argument of summary.arguments) command.argument(argument)
  if (summary.hasOptions) command.option('--some')
}
