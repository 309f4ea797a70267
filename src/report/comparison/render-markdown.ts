import type { Cell, ComparisonPage, Section, Table } from './page.ts'

/** The page as Markdown, readable as plain text. */
export function renderMarkdown({ title, facts, verdict, finding, sections }: ComparisonPage): string {
  return `${[
    `# ${plain(title)}`,
    facts.map(plain).join(' · '),
    `Verdict: **${plain(verdict.text)}**`,
    finding.map(plain).join('\n'),
    ...sections.map((section) => renderSection(section)),
  ].join('\n\n')}\n`
}

/** @param level of its heading */
export function renderSection({ title, lead, list, tables, commands, foot }: Section, level: 2 | 3 = 2): string {
  return [
    `${'#'.repeat(level)} ${plain(title)}`,
    ...(lead === undefined ? [] : [plain(lead)]),
    ...(list ? [list.map((text) => `- ${plain(text)}`).join('\n')] : []),
    ...(commands ? [commands.map(({ command, text }) => `- ${code(command)}: ${plain(text)}`).join('\n')] : []),
    ...(tables ?? []).map(renderTable),
    ...(foot === undefined ? [] : [plain(foot)]),
  ].join('\n\n')
}

/** Columns of pictures have no words and are left out. */
export function renderTable({ columns, rows }: Table): string {
  const kept = columns.flatMap((_, index) => (rows.some((row) => row[index]?.bars) ? [] : [index]))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(kept.map((index) => plain(columns[index]!.title))),
    line(kept.map((index) => (columns[index]!.align === 'right' ? '--:' : '---'))),
    ...rows.map((row) => line(kept.map((index) => cellText(row[index]!)))),
  ].join('\n')
}

function cellText({ text, note }: Cell): string {
  return note === undefined || note === text ? plain(text) : `${plain(text)} (${plain(note)})`
}

/** Text that is not ours must stay text: whatever Markdown or HTML would read inside of a line is escaped, and a line stays one. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|&]/g, '\\$&')
}

/** A command, in a fence longer than any run of backticks in it. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(longest + 1)
  const pad = longest > 0 ? ' ' : ''
  return `${ticks}${pad}${text.replaceAll(/\s+/g, ' ')}${pad}${ticks}`
}
