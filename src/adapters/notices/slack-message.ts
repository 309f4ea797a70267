import type { Notice } from '../../run/notice.ts'

// Limits of Block Kit: what is longer is refused as a whole (docs.slack.dev/reference/block-kit/blocks).
const MAX_HEADER = 150
const MAX_SECTION = 3_000

/** Marks that begin a notice, so that a glance tells. */
const icons: Readonly<Record<Notice['kind'], string>> = {
  failed: ':red_circle:',
  held: ':raised_hand:',
  reminded: ':hourglass:',
  published: ':white_check_mark:',
  rejected: ':no_entry_sign:',
  superseded: ':fast_forward:',
  reviewed: ':bar_chart:',
  retrying: ':arrows_counterclockwise:',
  unserved: ':zzz:',
  missed: ':calendar:',
  stale: ':calendar:',
  resolved: ':white_check_mark:',
  test: ':wave:',
}

interface Block {
  readonly type: string
  readonly [key: string]: unknown
}

/** The body of an incoming webhook: `text` is what notifications and simpler receivers show, `blocks` what a channel does. */
export interface SlackMessage {
  readonly text: string
  readonly blocks: readonly Block[]
}

export function toSlackMessage(notice: Notice): SlackMessage {
  const { kind, subject, sentences, steps, links, contact, runbook } = notice
  const whom = [contact && `Contact: ${escape(contact)}`, runbook && `Runbook: ${address(runbook, 'runbook')}`]
  const foot = [
    ...whom,
    ...(notice.run === null ? [] : [`Run: \`${escape(notice.run)}\``]),
    `Target: ${escape(notice.target)}`,
  ]
  return {
    text: escape([subject, ...sentences.slice(0, 1)].join('\n')).slice(0, MAX_SECTION),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(`${icons[kind]} ${subject}`, MAX_HEADER), emoji: true } },
      ...section(sentences.map(escape)),
      ...section(
        steps.map(({ text, command }) => `• ${escape(text)}${command ? `\n\`\`\`${escape(command)}\`\`\`` : ''}`),
      ),
      ...section(links.map((link) => address(link.address, link.title))),
      { type: 'context', elements: [{ type: 'mrkdwn', text: cut(foot.filter(Boolean).join('  ·  '), MAX_SECTION) }] },
    ],
  }
}

function section(lines: readonly string[]): readonly Block[] {
  if (lines.length === 0) return []
  return [{ type: 'section', text: { type: 'mrkdwn', text: cut(lines.join('\n'), MAX_SECTION) } }]
}

/** What no browser opens is shown, to be copied. */
function address(target: string, title: string): string {
  return /^https?:\/\/[^\s|>]+$/.test(target)
    ? `<${escape(target)}|${escape(title)}>`
    : `${escape(title)}: \`${escape(target)}\``
}

/** The three characters that Slack reads as its own. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cut(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters - 1)}…` : text
}
