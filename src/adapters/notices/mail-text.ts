import type { Notice } from '../../run/notice.ts'

/** A mail as plain text. */
export function toPlainText({ sentences, steps, links, ...notice }: Notice): string {
  const whom = [
    notice.contact && `Contact: ${notice.contact}`,
    notice.runbook && `Runbook: ${notice.runbook}`,
    notice.run !== null && `Run: ${notice.run}`,
    `Target: ${notice.target}`,
  ]
  return [
    sentences.join('\n'),
    steps.map(({ text, command }) => `- ${text}${command ? `\n    ${command}` : ''}`).join('\n'),
    links.map(({ title, address }) => `${title}: ${address}`).join('\n'),
    whom.filter(Boolean).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The same as a small page: a paragraph a sentence, commands to be copied. */
export function toHtml({ subject, sentences, steps, links, ...notice }: Notice): string {
  const item = (inner: string): string => `<li>${inner}</li>`
  const list = (items: readonly string[]): string => (items.length === 0 ? '' : `<ul>${items.map(item).join('')}</ul>`)
  const whom = [
    notice.contact && `Contact: ${escape(notice.contact)}`,
    notice.runbook && `Runbook: ${linked(notice.runbook, notice.runbook)}`,
    notice.run !== null && `Run: <code>${escape(notice.run)}</code>`,
    `Target: ${escape(notice.target)}`,
  ]
  return [
    `<h3>${escape(subject)}</h3>`,
    ...sentences.map((sentence) => `<p>${escape(sentence)}</p>`),
    list(steps.map(({ text, command }) => `${escape(text)}${command ? `<pre>${escape(command)}</pre>` : ''}`)),
    list(links.map(({ title, address }) => linked(address, title))),
    `<p style="color:#666">${whom.filter(Boolean).join('<br>')}</p>`,
  ].join('\n')
}

/** What no browser opens is shown, to be copied. */
function linked(address: string, title: string): string {
  if (/^https?:\/\/\S+$/.test(address)) return `<a href="${escape(address)}">${escape(title)}</a>`
  return address === title ? escape(title) : `${escape(title)}: <code>${escape(address)}</code>`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '<br>')
}
