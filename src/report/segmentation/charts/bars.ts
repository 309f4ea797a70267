import { FONT, type ChartOption, type Size } from './draw.ts'
import { palette } from './palette.ts'
import { ROOM, rowAxis } from './row-axis.ts'

export interface Bars {
  readonly kind: 'bars'
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
  /** What stands behind a bar: series by label. */
  readonly texts: readonly (readonly string[])[]
}

/** Bars beside one another from zero, the first label on top. */
export function barsOption({ labels, series, texts }: Bars, isNarrow: boolean): ChartOption {
  const size = isNarrow ? 'narrow' : 'wide'
  return {
    legend:
      series.length > 1
        ? { top: 0, left: 0, itemWidth: 14, itemHeight: 10, itemGap: 22, textStyle: FONT, selectedMode: false }
        : undefined,
    grid: {
      left: ROOM[size],
      right: isNarrow ? 52 : 64,
      top: series.length > 1 ? 34 : 8,
      bottom: 8,
      outerBoundsMode: 'none',
    },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: rowAxis(labels, isNarrow),
    series: series.map(({ name, values }, index) => ({
      type: 'bar',
      name,
      data: values.map((value) => value ?? 0),
      barWidth: 13,
      barGap: '15%',
      itemStyle: { color: index === 0 ? palette.muted : palette.accent, borderRadius: [0, 3, 3, 0] },
      label: {
        ...FONT,
        show: true,
        position: 'right',
        fontSize: 12,
        formatter: ({ dataIndex }: { readonly dataIndex: number }) => texts[index]![dataIndex]!,
      },
      emphasis: { disabled: true },
    })),
  } as ChartOption
}

export function barsSize({ labels, series }: Bars, isNarrow: boolean): Size {
  const step = series.length > 1 ? 46 : 30
  return { width: isNarrow ? 360 : 1040, height: labels.length * step + (series.length > 1 ? 42 : 16) }
}

export interface Differences {
  readonly kind: 'differences'
  readonly labels: readonly string[]
  /** Below 0: to the left. */
  readonly values: readonly number[]
  readonly texts: readonly string[]
}

/** Bars to both sides of zero. */
export function differencesOption({ labels, values, texts }: Differences, isNarrow: boolean): ChartOption {
  const size = isNarrow ? 'narrow' : 'wide'
  const reach = Math.max(0.8, ...values.map(Math.abs)) * (isNarrow ? 2.4 : 1.9)
  return {
    grid: { left: ROOM[size], right: 8, top: 6, bottom: 6, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: -reach, max: reach },
    yAxis: rowAxis(labels, isNarrow),
    series: [
      {
        type: 'bar',
        barWidth: 15,
        data: values.map((value, i) => ({
          value,
          itemStyle: {
            color: value < 0 ? palette.low : palette.high,
            borderRadius: value < 0 ? [3, 0, 0, 3] : [0, 3, 3, 0],
          },
          label: {
            ...FONT,
            fontSize: 12,
            show: true,
            position: value < 0 ? 'left' : 'right',
            formatter: () => (isNarrow ? texts[i]!.split(' · ')[0]! : texts[i]!),
          },
        })),
        emphasis: { disabled: true },
      },
    ],
  } as ChartOption
}

export function differencesSize({ labels }: Differences, isNarrow: boolean): Size {
  return { width: isNarrow ? 360 : 1040, height: labels.length * 28 + 12 }
}
