import type { MappedSegment, SegmentMap } from '../draw-map.ts'
import { FONT, shorten, type ChartOption, type Size } from './draw.ts'
import { palette, segmentColour } from './palette.ts'

export interface MapChart {
  readonly kind: 'map'
  readonly map: SegmentMap
  /** In the order of their colours. */
  readonly segments: readonly { readonly segmentKey: string; readonly name: string }[]
}

const MARGIN = 16
const LARGEST = { wide: 26, narrow: 13 }
const OUTLINE_POINTS = 48

/** Squares of the grid as dots by their customers, and around each segment the half of it that is nearest. */
export function mapOption({ map, segments }: MapChart, isNarrow: boolean): ChartOption {
  const size = mapSize(isNarrow)
  const largest = LARGEST[isNarrow ? 'narrow' : 'wide']
  const most = Math.max(1, ...map.segments.flatMap(({ cells }) => cells.map(([, , customers]) => customers)))
  const frame = frameOf(map.segments, size)
  const drawn = map.segments
    .map((segment) => ({
      segment,
      position: segments.findIndex(({ segmentKey }) => segmentKey === segment.segmentKey),
    }))
    .filter(({ position }) => position >= 0)
  const axis = { type: 'value', show: false }
  return {
    grid: { left: MARGIN, right: MARGIN, top: MARGIN, bottom: MARGIN, outerBoundsMode: 'none' },
    xAxis: { ...axis, min: frame.x[0], max: frame.x[1] },
    yAxis: { ...axis, min: frame.y[0], max: frame.y[1] },
    series: [
      ...drawn.map(({ segment, position }) => ({
        type: 'scatter',
        data: segment.cells.map(([x, y, customers]) => ({
          value: [x, y],
          symbolSize: Number(Math.max(2.5, largest * Math.sqrt(customers / most)).toFixed(1)),
        })),
        itemStyle: { color: segmentColour(position), opacity: 0.55 },
        emphasis: { disabled: true },
      })),
      ...drawn.map(({ segment, position }) => ({
        type: 'line',
        data: ellipse(segment),
        showSymbol: false,
        lineStyle: { color: segmentColour(position), width: 2 },
        emphasis: { disabled: true },
      })),
      {
        type: 'scatter',
        data: drawn.map(({ segment, position }) => ({
          value: [segment.x, segment.y],
          symbolSize: 7,
          itemStyle: { color: segmentColour(position), opacity: 1, borderColor: palette.paper, borderWidth: 1.5 },
          label: {
            ...FONT,
            show: true,
            position: labelSide(segment.x, frame.x),
            fontSize: isNarrow ? 11 : 13,
            fontWeight: 600,
            textBorderColor: palette.paper,
            textBorderWidth: 4,
            formatter: () => shorten(segments[position]!.name, isNarrow ? 18 : 40),
          },
        })),
        labelLayout: { moveOverlap: 'shiftY' },
        emphasis: { disabled: true },
      },
    ],
  } as ChartOption
}

export function mapSize(isNarrow: boolean): Size {
  return isNarrow ? { width: 360, height: 330 } : { width: 1040, height: 560 }
}

/** A label at the right edge stands on the left of its point. */
function labelSide(x: number, [least, most]: readonly [number, number]): string {
  return x > least + 0.6 * (most - least) ? 'left' : 'right'
}

function ellipse({ x, y, outline: { major, minor, angle } }: MappedSegment): readonly (readonly [number, number])[] {
  return Array.from({ length: OUTLINE_POINTS + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / OUTLINE_POINTS
    const [along, across] = [major * Math.cos(turn), minor * Math.sin(turn)]
    return [
      x + along * Math.cos(angle) - across * Math.sin(angle),
      y + along * Math.sin(angle) + across * Math.cos(angle),
    ] as const
  })
}

/** A length is as long in both directions. */
function frameOf(
  segments: readonly MappedSegment[],
  { width, height }: Size,
): { readonly x: readonly [number, number]; readonly y: readonly [number, number] } {
  const points = segments.flatMap((segment) => [...segment.cells.map(([x, y]) => [x, y] as const), ...ellipse(segment)])
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const unit = Math.max((right - left) / (width - 2 * MARGIN), (high - low) / (height - 2 * MARGIN)) * 1.06
  const around = (middle: number, pixels: number): readonly [number, number] => [
    middle - (unit * (pixels - 2 * MARGIN)) / 2,
    middle + (unit * (pixels - 2 * MARGIN)) / 2,
  ]
  return { x: around((left + right) / 2, width), y: around((low + high) / 2, height) }
}
