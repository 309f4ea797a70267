/** As much as the UI shows of fenced text in a window of 1200 pixels. */
const LINE_CHARACTERS = 66

const SPACE_IN_COMMAND = '\u0000'

/** The UI does not wrap fenced text: what does not fit is not read. A command stays in one piece, to be copied. */
export function wrapped(text: string): string {
  const whole = text.replace(/`[^`\n]+`/g, (command) => command.replaceAll(' ', SPACE_IN_COMMAND))
  const line = new RegExp(`(?![^\\n]{1,${LINE_CHARACTERS}}$)([^\\n]{1,${LINE_CHARACTERS}})[ ]`, 'gm')
  return whole.replace(line, '$1\n').replaceAll(SPACE_IN_COMMAND, ' ')
}

/** Text that is not ours must not become Markdown: the fence is longer than any run of backticks in it. */
export function fence(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(Math.max(3, longest + 1))
  return `${ticks}\n${text}\n${ticks}`
}

/** The same for text that may be wrapped: of Markdown it keeps commands in backticks, and addresses. */
export function plainText(text: string): string {
  const parts = /(`[^`\n]+`|https?:\/\/[^\s<>`()[\]]*[\w/])|([\\`*_{}[\]()<>#+\-.!|~&])/g
  return text.replace(parts, (_all, kept: string | undefined, sign: string | undefined) => kept ?? `\\${sign}`)
}
