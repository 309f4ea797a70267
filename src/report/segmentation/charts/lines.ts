import { formatCount } from '../../../run/figures.ts'
import { FONT, shorten, type ChartOption, type Size } from './draw.ts'
import { palette, segmentColour } from './palette.ts'

export interface Lines {
  readonly kind: 'lines'
  readonly labels: readonly string[]
  /** Null: not there then. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
  /** What the values are measured in. Default: share. */
  readonly unit?: string
}

/** One line a series over time, named at its end. */
export function linesOption({ labels, series, unit = 'share' }: Lines, isNarrow: boolean): ChartOption {
  return {
    grid: { left: 44, right: isNarrow ? 120 : 250, top: 12, bottom: 28, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: labels,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { ...FONT, fontSize: 12, color: palette.quiet, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: {
        ...FONT,
        fontSize: 12,
        color: palette.quiet,
        formatter: (value: number) => (unit === 'share' ? `${Math.round(value * 100)} %` : formatCount(value)),
      },
    },
    series: series.map(({ name, values }, position) => ({
      type: 'line',
      data: values.map((value) => value ?? '-'),
      symbol: 'circle',
      symbolSize: 6,
      itemStyle: { color: segmentColour(position) },
      lineStyle: { color: segmentColour(position), width: 2 },
      endLabel: {
        ...FONT,
        fontSize: 12,
        padding: [2, 0],
        show: true,
        formatter: () => shorten(name, isNarrow ? 17 : 36),
      },
      labelLayout: { moveOverlap: 'shiftY' },
      emphasis: { disabled: true },
    })),
  } as ChartOption
}

export function linesSize(isNarrow: boolean): Size {
  return isNarrow ? { width: 360, height: 300 } : { width: 1040, height: 360 }
}
