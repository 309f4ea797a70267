import { plain, renderSection, renderTable } from '../comparison/render-markdown.ts'
import type { Chapter, Part, ReportDocument } from './document.ts'

/** The report as Markdown, readable as plain text; of a chart its finding and its table. */
export function renderReportMarkdown({ title, facts, verdict, finding, chapters }: ReportDocument): string {
  return `${[
    `# ${plain(title)}`,
    facts.map(plain).join(' · '),
    ...(verdict ? [`Verdict: **${plain(verdict.text)}**`] : []),
    ...(finding.length > 0 ? [finding.map((sentence, i) => `${i + 1}. ${plain(sentence)}`).join('\n')] : []),
    ...chapters.flatMap(renderChapter),
  ].join('\n\n')}\n`
}

function renderChapter({ title, lead, parts, sections = [] }: Chapter): readonly string[] {
  return [
    `## ${plain(title)}`,
    ...(lead === undefined ? [] : [plain(lead)]),
    ...parts.flatMap(renderPart),
    ...sections.map((section) => renderSection(section, 3)),
  ]
}

function renderPart({ title, facts, paragraphs = [], figure, list, table }: Part): readonly string[] {
  return [
    ...(title === undefined ? [] : [`### ${plain(title)}`]),
    ...(facts
      ? [
          facts
            .map(
              ({ label, value, note }) =>
                `- ${plain(label)}: ${plain(value)}${note === undefined ? '' : ` (${plain(note)})`}`,
            )
            .join('\n'),
        ]
      : []),
    ...paragraphs.map(plain),
    ...(figure
      ? [
          `### ${plain(figure.title)}`,
          ...(figure.note === undefined ? [] : [plain(figure.note)]),
          renderTable(figure.table),
        ]
      : []),
    ...(list ? [list.map((text) => `- ${plain(text)}`).join('\n')] : []),
    ...(table ? [renderTable(table)] : []),
  ]
}
