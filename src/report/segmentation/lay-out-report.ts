import { formatCount, formatInstant } from '../../run/figures.ts'
import { verdictText } from '../../run/verdict-text.ts'
import { describeReport, type ReportedRun } from './describe-report.ts'
import type { ReportDocument } from './document.ts'
import { feedbackChapters } from './feedback-chapters.ts'
import { evidenceChapters } from './evidence-chapters.ts'
import { nameChapters } from './worth-of-name.ts'
import { kpiChapters } from './kpi-chapter.ts'
import { overviewChapters } from './overview-chapters.ts'
import { proposalChapters } from './proposal-chapters.ts'
import { personaChapters } from './persona-chapters.ts'

/** The report of a run as a document, in the order in which people ask. */
export function layOutReport(run: ReportedRun): ReportDocument {
  const report = describeReport(run)
  const { pipeline, period, runId, asOf, customers, verdict, description } = report
  const { moves, evidence } = evidenceChapters(report, run.validation, run.sketch)
  return {
    title: `Customer segments of ${pipeline}, ${period}`,
    facts: [
      ...(description === '' ? [] : [description]),
      runId,
      `as of ${formatInstant(asOf)}`,
      `${formatCount(customers)} customers`,
    ],
    verdict: { outcome: verdict, text: verdictText({ verdict, moved: run.validation.moved }) },
    finding: report.sentences,
    chapters: [
      ...overviewChapters(report),
      ...kpiChapters(report),
      ...moves,
      ...personaChapters(report, run.nearest),
      ...nameChapters(report),
      ...proposalChapters(report),
      ...feedbackChapters(report, run.feedback),
      ...evidence,
    ],
  }
}
