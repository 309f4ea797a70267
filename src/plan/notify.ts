import { z } from 'zod'
import { noticeKinds, urgentKinds } from '../run/notice.ts'

const secretName = z.strictObject({
  secret: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .describe('Name of an environment variable, or of a file under RESEGMENT_SECRETS_DIR.'),
})

const address = z
  .string()
  .min(3)
  .max(254)
  .regex(/^[^\s@<>]+@[^\s@<>]+$|^[^<>@\n]+<[^\s@<>]+@[^\s@<>]+>$/)

const told = {
  on: z
    .array(z.enum(noticeKinds))
    .min(1)
    .default([...urgentKinds])
    .describe('What this channel is told. Default: all but `published`, `rejected`, `superseded` and `reviewed`.'),
  pipelines: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Whose notices it gets. Default: those of all pipelines.'),
}

const webhook = z.strictObject({
  webhook: z
    .union([z.string().min(1), secretName])
    .describe(
      'Where to post to, https://…; the secret that holds the address, where it has a token in it as Slack’s has.',
    ),
  allowHttp: z
    .boolean()
    .default(false)
    .describe('Takes an http:// address: anybody on the way may read along. Default: false.'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Takes an address in a private network, which is refused otherwise. Default: false.'),
  ...told,
})

const email = z.strictObject({
  email: z
    .strictObject({
      smtp: secretName.describe(
        'The secret that holds the mail server: smtps://user:password@host or smtp://host:587.',
      ),
      from: address.describe('Sender.'),
      to: z.array(address).min(1).max(50).describe('Receivers.'),
      allowPlain: z
        .boolean()
        .default(false)
        .describe('Takes an smtp:// server that does not encrypt (STARTTLS). Default: false.'),
    })
    .describe('By mail.'),
  ...told,
})

const command = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .max(50)
    .describe(
      'A program and its arguments, run by the worker; it gets the notice as JSON on its standard input, and 60 seconds.',
    ),
  ...told,
})

export const channel = z
  .union([webhook, email, command])
  .describe('One way to tell people: `webhook` (Slack and whatever takes its messages), `email` or `command`.')

/** Who is told when a run fails, waits or comes out. Not part of what a segmentation means: its hash does not know of it. */
export const notify = z
  .array(channel)
  .max(20)
  .default([])
  .describe('Whom to tell when a run fails, waits for a person, retries, or comes out.')

export type Channel = z.infer<typeof channel>

/** As it travels with a definition. */
export type PipelineChannel = Channel & {
  /** Position in the list of `resegment.yaml`, from 1. */
  readonly number: number
}

/** The channels of a pipeline. */
export function channelsOf(channels: readonly Channel[], pipeline: string): readonly PipelineChannel[] {
  return numberChannels(channels).filter(({ pipelines }) => pipelines?.includes(pipeline) ?? true)
}

export function numberChannels(channels: readonly Channel[]): readonly PipelineChannel[] {
  return channels.map((one, index) => ({ ...one, number: index + 1 }))
}
