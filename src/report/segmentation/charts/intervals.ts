import { FONT, type ChartOption, type Size } from './draw.ts'
import { palette } from './palette.ts'
import { ROOM, rowAxis } from './row-axis.ts'

/** A value with the interval that it is known to. */
export interface Interval {
  readonly label: string
  readonly value: number
  /** Null: one end is not known, so that neither is drawn. */
  readonly lower: number | null
  readonly upper: number | null
  readonly text: string
}

export interface Intervals {
  readonly kind: 'intervals'
  readonly rows: readonly Interval[]
  /** Drawn across all rows. */
  readonly reference: number | null
}

const DOT = 5
const STEP = 30

/** What the library gives the function that draws an item. */
interface ItemApi {
  value(dimension: number): number
  coord(point: readonly [number, number]): readonly [number, number]
}

/** A dot in its interval per row, the first row on top. */
export function intervalsOption({ rows, reference }: Intervals, isNarrow: boolean): ChartOption {
  const size = isNarrow ? 'narrow' : 'wide'
  const ends = rows.flatMap(({ value, lower, upper }) => [value, lower ?? value, upper ?? value])
  const all = reference === null ? ends : [...ends, reference]
  const [least, most] = [Math.min(0, ...all), Math.max(...all)]
  return {
    grid: { left: ROOM[size], right: isNarrow ? 64 : 150, top: 8, bottom: 8, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: least, max: most === least ? least + 1 : most },
    yAxis: rowAxis(
      rows.map(({ label }) => label),
      isNarrow,
    ),
    series: [
      {
        type: 'custom',
        silent: true,
        data: rows.map((row, i) => [row.value, i, row.lower ?? row.value, row.upper ?? row.value]),
        renderItem: ({ dataIndex }: { readonly dataIndex: number }, api: ItemApi) =>
          drawRow(api, rows[dataIndex]!.text, reference),
      },
    ],
  } as unknown as ChartOption
}

function drawRow(api: ItemApi, text: string, reference: number | null): object {
  const row = api.value(1)
  const [x, y] = api.coord([api.value(0), row])
  const [from] = api.coord([api.value(2), row])
  const [to] = api.coord([api.value(3), row])
  const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, lineWidth: number): object => ({
    ...{ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } },
  })
  const across = reference === null ? undefined : api.coord([reference, row])[0]
  return {
    type: 'group',
    children: [
      ...(across === undefined ? [] : [line(across, y - STEP / 2, across, y + STEP / 2, palette.line, 2)]),
      line(from, y, to, y, palette.muted, 3),
      { type: 'circle', shape: { cx: x, cy: y, r: DOT }, style: { fill: palette.accent } },
      {
        type: 'text',
        style: {
          text,
          x: Math.max(to, x) + 10,
          y,
          verticalAlign: 'middle',
          fill: palette.ink,
          font: `12px ${FONT.fontFamily}`,
        },
      },
    ],
  }
}

export function intervalsSize({ rows }: Intervals, isNarrow: boolean): Size {
  return { width: isNarrow ? 360 : 1040, height: rows.length * STEP + 16 }
}
