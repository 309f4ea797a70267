import type { ReportDocument } from '../report/segmentation/document.ts'

/** The page of a report. The first one loads the charts: their 600 modules would be a quarter of what a worker needs to start. */
export async function renderPage(report: ReportDocument): Promise<string> {
  const { renderReportHtml } = await import('../report/segmentation/render-report-html.ts')
  return renderReportHtml(report)
}
