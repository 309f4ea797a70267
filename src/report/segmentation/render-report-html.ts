import { escape, htmlFile, prose, renderSection, renderTable } from '../comparison/render-html.ts'
import { drawChart } from './charts/chart.ts'
import type { Chapter, Fact, Figure, Part, ReportDocument } from './document.ts'
import { REPORT_STYLE } from './report-style.ts'

const COLOURS = 8

/** The report as one HTML file that needs nothing else: nothing is loaded, and nothing runs. */
export function renderReportHtml({ title, facts, verdict, finding, chapters }: ReportDocument): string {
  return htmlFile(
    { title, style: REPORT_STYLE },
    `<a class="skip" href="#content">Skip to the content</a>
<main id="content">
<header>
<h1>${escape(title)}</h1>
<p class="facts">${facts.map(escape).join(' · ')}</p>
${verdict ? `<p class="verdict ${verdict.outcome}">Verdict: ${escape(verdict.text)}</p>` : ''}
${finding.length > 0 ? `<ol class="finding">${finding.map((sentence) => `<li>${prose(sentence)}</li>`).join('\n')}</ol>` : ''}
<nav aria-label="Contents"><ul>${chapters.map((chapter) => `<li><a href="#${chapter.id}">${dot(chapter)}${escape(chapter.title)}</a></li>`).join('\n')}</ul></nav>
</header>
${chapters.map(renderChapter).join('\n')}
</main>`,
  )
}

function renderChapter(chapter: Chapter): string {
  const { id, title, lead, parts, sections = [], colour } = chapter
  return [
    `<section id="${id}"${colour === undefined ? '' : ' class="persona"'} aria-labelledby="${id}-title">`,
    `<h2 id="${id}-title">${dot(chapter)}${escape(title)}</h2>`,
    ...(lead === undefined ? [] : [`<p class="lead">${prose(lead)}</p>`]),
    ...parts.map(renderPart),
    ...sections.map((section) => renderSection(section, 3)),
    '</section>',
  ].join('\n')
}

/** For the eye only: the name stands beside it. */
function dot({ colour }: Pick<Chapter, 'colour'>): string {
  if (colour === undefined) return ''
  return `<span class="dot" style="background: var(--s${(colour % COLOURS) + 1})"></span>`
}

function renderPart({ title, facts, paragraphs = [], figure, list, table }: Part): string {
  return [
    ...(title === undefined ? [] : [`<h3>${escape(title)}</h3>`]),
    ...(facts ? [`<dl class="facts">${facts.map(renderFact).join('')}</dl>`] : []),
    ...paragraphs.map((text) => `<p>${prose(text)}</p>`),
    ...(figure ? [renderFigure(figure)] : []),
    ...(list ? [`<ul>${list.map((text) => `<li>${prose(text)}</li>`).join('\n')}</ul>`] : []),
    ...(table ? [renderTable(table)] : []),
  ].join('\n')
}

function renderFact({ label, value, note }: Fact): string {
  const beside = note === undefined ? '' : `<small>${escape(note)}</small>`
  return `<div><dt>${escape(label)}</dt><dd>${escape(value)}${beside}</dd></div>`
}

function renderFigure({ title, note, chart, table }: Figure): string {
  return `<figure>
<figcaption><h3>${prose(title)}</h3>${note === undefined ? '' : `<p>${prose(note)}</p>`}</figcaption>
<div class="wide">${drawChart(chart, false, title)}</div>
<div class="narrow">${drawChart(chart, true, title)}</div>
<details><summary>The figures as a table</summary>${renderTable(table)}</details>
</figure>`
}
