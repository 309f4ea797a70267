import { BarChart, CustomChart, LineChart, SankeyChart, ScatterChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, LegendComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { asVariables, palette } from './palette.ts'

echarts.use([
  ...[BarChart, CustomChart, LineChart, SankeyChart, ScatterChart],
  ...[GraphicComponent, GridComponent, LegendComponent, SVGRenderer],
])

export interface Size {
  readonly width: number
  readonly height: number
}

/** What the library takes; it is its own type, and it has no names of ours. */
export type ChartOption = Parameters<ReturnType<typeof echarts.init>['setOption']>[0]

export const FONT = { fontFamily: 'system-ui, sans-serif', fontSize: 13, color: palette.ink }

/**
 * Draws a chart to SVG. The same option gives the same text: what the library numbers as it goes along (classes for pointers, which nothing
 * here reacts to, and clips, which cut nothing off) is taken out.
 *
 * @param label what the chart shows, for people who cannot see it
 */
export function draw(option: ChartOption, { width, height }: Size, label: string): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, textStyle: FONT, backgroundColor: 'transparent', ...option })
    const drawn = chart
      .renderToSVGString()
      .replaceAll(/<defs\b[\s\S]*?<\/defs>/g, '')
      .replace(/<style\b[\s\S]*?<\/style>/g, '')
      .replaceAll(/ (?:class|clip-path|ecmeta_[a-z_]+|pointer-events)="[^"]*"/g, '')
      .replace(/^<svg [^>]*>\s*<rect [^>]*><\/rect>/, '')
      .replaceAll(/\n+/g, '')
    return asVariables(
      `<svg role="img" aria-label="${escapeAttribute(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${drawn}`,
    )
  } finally {
    chart.dispose()
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A name on one line, in at most so many characters. */
export function shorten(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`
}
