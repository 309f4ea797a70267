import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { loadProject } from '../../config/load-project.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { numberChannels, type PipelineChannel } from '../../plan/notify.ts'
import { testNotice } from '../../report/notices/test-notice.ts'
import { type ChannelOutcome, type Notice, wayOf } from '../../run/notice.ts'
import { openNoticeChannel } from '../../wiring/notice-channel.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes, type ExitCode } from '../exit-code.ts'
import { wholeNumber } from '../whole-number.ts'
import { whoami } from '../who.ts'

interface NotifyOptions {
  readonly test?: boolean
  readonly channel?: number
}

const PATIENCE_MS = 90_000

export function addNotify(program: Command): void {
  program
    .command('notify')
    .description('Try the channels of `notify`: from here, so with the secrets that are set here.')
    .option('--test', 'send a test notice, and say what happened with each channel')
    .option('--channel <number>', 'only this one, counted from 1 as they stand in resegment.yaml', wholeNumber)
    .action(act(notify))
}

async function notify(context: CommandContext, { test, channel }: NotifyOptions): Promise<ExitCode> {
  if (!test) throw new WrongUsage('notify has nothing to send.', 'Add --test to try the channels.')
  const { projectFolder, targetName, environment, terminal } = context
  const { project } = loadProject(projectFolder)
  const channels = chosen(numberChannels(project.notify), channel)
  const { contact, runbook } = project
  const notice = testNotice({ targetName, contact, runbook, by: whoami() }, randomUUID())
  const outcomes = await Promise.all(channels.map((one) => tryChannel(environment, one, notice)))
  for (const { channel: number, way, failure } of outcomes)
    if (failure === null) terminal.say(`Channel ${number} (${way}): sent.`)
    else terminal.complain(`Channel ${number} (${way}): ${failure.what} ${failure.remedy} (${failure.type})`)
  terminal.document({ channels: outcomes })
  return outcomes.every(({ failure }) => failure === null) ? exitCodes.done : exitCodes.failed
}

function chosen(channels: readonly PipelineChannel[], asked: number | undefined): readonly PipelineChannel[] {
  const found = asked === undefined ? channels : channels.filter(({ number }) => number === asked)
  if (found.length > 0) return found
  throw new WrongUsage(
    channels.length === 0
      ? 'resegment.yaml names no channels under notify.'
      : `There is no channel ${asked}; resegment.yaml names ${channels.length}.`,
    'Name channels under notify: webhook, email or command.',
  )
}

async function tryChannel(
  environment: CommandContext['environment'],
  channel: PipelineChannel,
  notice: Notice,
): Promise<ChannelOutcome> {
  const told = { channel: channel.number, way: wayOf(channel) }
  try {
    await openNoticeChannel(environment, channel).send(notice, AbortSignal.timeout(PATIENCE_MS))
    return { ...told, failure: null }
  } catch (error) {
    if (!(error instanceof ResegmentError)) throw error
    const { type, what, remedy } = error
    return { ...told, failure: { type, what, remedy } }
  }
}
