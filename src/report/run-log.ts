import type { LoggedEvent } from '../run/logged-event.ts'

/** One line an event; what spans lines is set in under its first. */
export function runLog(events: readonly LoggedEvent[]): readonly string[] {
  const width = Math.max(0, ...events.map(({ subject }) => subject.length))
  return events.flatMap(({ at, subject, text }) => {
    const [first = '', ...rest] = text.split('\n')
    const head = `${at.slice(0, 10)} ${at.slice(11, 19)} UTC  ${subject.padEnd(width)}  `
    return [head + first, ...rest.map((line) => ' '.repeat(head.length) + line)]
  })
}
