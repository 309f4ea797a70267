import type { Cell, ComparisonPage, Section, Table } from './page.ts'
import { PAGE_STYLE } from './page-style.ts'

/** Nothing is loaded and nothing runs, whatever a name in it says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"
const STRONGEST_TINT = 0.55

/** The page as one HTML file that needs nothing else. */
export function renderHtml({ title, facts, verdict, finding, sections }: ComparisonPage): string {
  return htmlFile(
    { title, style: PAGE_STYLE },
    `<main>
<h1>${escape(title)}</h1>
<p class="facts">${facts.map(escape).join(' · ')}</p>
<p class="verdict ${verdict.outcome}">${escape(verdict.label ?? 'Verdict')}: ${escape(verdict.text)}</p>
${finding.map((sentence) => `<p>${prose(sentence)}</p>`).join('\n')}
${sections.map((section) => renderSection(section)).join('\n')}
</main>`,
  )
}

/** One file: nothing is loaded, and nothing runs. @param body as HTML */
export function htmlFile({ title, style }: { readonly title: string; readonly style: string }, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
${style}
</style>
</head>
<body>
${body}
</body>
</html>
`
}

/** @param level of its heading */
export function renderSection({ title, lead, list, tables, commands, foot }: Section, level: 2 | 3 = 2): string {
  return [
    `<section>\n<h${level}>${escape(title)}</h${level}>`,
    ...(lead === undefined ? [] : [`<p>${prose(lead)}</p>`]),
    ...(list ? [`<ul>${list.map((text) => `<li>${prose(text)}</li>`).join('')}</ul>`] : []),
    ...(commands
      ? [
          `<ul>${commands.map(({ command, text }) => `<li><code>${escape(command)}</code> ${escape(text)}</li>`).join('\n')}</ul>`,
        ]
      : []),
    ...(tables ?? []).map(renderTable),
    ...(foot === undefined ? [] : [`<p class="foot">${prose(foot)}</p>`]),
    '</section>',
  ].join('\n')
}

export function renderTable({ caption, columns, rows }: Table): string {
  const isMatrix = rows.some((row) => row.some(({ heat }) => heat !== undefined))
  const titles = columns.map(({ title, align }) =>
    title === '' ? '<td></td>' : `<th scope="col"${align === 'right' ? ' class="right"' : ''}>${escape(title)}</th>`,
  )
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, index) => renderCell(cell, index, columns[index]?.align === 'right')).join('')}</tr>`,
  )
  return `<div class="scroll" tabindex="0"><table${isMatrix ? ' class="matrix"' : ''}>
<caption>${prose(caption)}</caption>
<thead><tr>${titles.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`
}

function renderCell({ text, tone, heat, bars, note, href }: Cell, index: number, isRight: boolean): string {
  const content = `${href === undefined ? prose(text) : `<a href="${escape(href)}">${escape(text)}</a>`}${note === undefined || note === text ? '' : `<small>${prose(note)}</small>`}${bars ? renderBars(bars) : ''}`
  if (index === 0) return `<th scope="row">${content}</th>`
  const classes = [...(isRight ? ['right'] : []), ...(tone ? ['outcome', tone] : [])].join(' ')
  const tint =
    heat === undefined
      ? ''
      : ` style="background: rgba(var(--${heat < 0 ? 'cool' : 'heat'}), ${(Math.abs(heat) * STRONGEST_TINT).toFixed(3)})"`
  return `<td${classes === '' ? '' : ` class="${classes}"`}${tint}>${content}</td>`
}

/** The figures stand beside them: for the eye only. */
function renderBars([before, after]: readonly [number, number]): string {
  const bar = (share: number, y: number, name: string): string =>
    `<rect class="${name}" x="0" y="${y}" width="${(share * 100).toFixed(2)}" height="8"/>`
  return `<svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">${bar(before, 1, 'before')}${bar(after, 11, 'after')}</svg>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is read: no line ends between a figure and its unit, nor inside the id of a run. */
export function prose(text: string): string {
  return escape(text)
    .replaceAll(/(\d) (?=%)/g, '$1\u00A0')
    .replaceAll(/\b([A-Z]{3}) (?=[\d−])/g, '$1\u00A0')
    .replaceAll(/\w+@[\w:.-]+~\d+/g, '<span class="run">$&</span>')
}

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => ENTITIES[mark]!)
}
