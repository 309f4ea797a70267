import type { ReportedFlow } from '../report.ts'
import { FONT, shorten, type ChartOption, type Size } from './draw.ts'
import { palette, segmentColour } from './palette.ts'

export interface Flows {
  readonly kind: 'flows'
  /** Keys of the segments in the order of their colours. */
  readonly segmentKeys: readonly string[]
  readonly flows: readonly ReportedFlow[]
  /** Customers of segments before and now, as far as they may be told: where not all ways are drawn, a block is higher than its bands. */
  readonly sizes: readonly FlowSize[]
}

export interface FlowSize {
  readonly segmentKey: string
  readonly name: string
  readonly from: number | null
  readonly to: number | null
}

const NOBODY = { from: 'New or returned', to: 'Gone' }
/** Opacity of bands. */
export const STAYED = 0.16
export const MOVED = 0.62

/** Before on the left, now on the right: who stays is pale. */
export function flowsOption(chart: Flows, isNarrow: boolean): ChartOption {
  const { segmentKeys, flows } = chart
  const nodes = [...sideOf(chart, 'from'), ...sideOf(chart, 'to')]
  return {
    series: [
      {
        type: 'sankey',
        left: 0,
        right: 0,
        top: 6,
        bottom: 6,
        nodeWidth: 12,
        nodeGap: 14,
        layoutIterations: 0,
        nodeAlign: 'justify',
        draggable: false,
        emphasis: { disabled: true },
        data: nodes.map(({ id, side, text, colour, customers }) => ({
          name: id,
          value: customers,
          depth: side === 'from' ? 0 : 1,
          itemStyle: { color: colour, borderWidth: 0 },
          label: {
            ...FONT,
            fontSize: isNarrow ? 11 : 13,
            position: side === 'from' ? 'right' : 'left',
            textBorderColor: palette.paper,
            textBorderWidth: 3,
            formatter: () => shorten(text, isNarrow ? 20 : 44),
          },
        })),
        links: flows.map(({ fromSegmentKey, toSegmentKey, customers }) => ({
          source: idOf('from', fromSegmentKey),
          target: idOf('to', toSegmentKey),
          value: customers,
          lineStyle: {
            color: colourOf(fromSegmentKey ?? toSegmentKey, segmentKeys),
            opacity: fromSegmentKey === toSegmentKey ? STAYED : MOVED,
            curveness: 0.5,
          },
        })),
      },
    ],
  } as ChartOption
}

export function flowsSize(chart: Flows, isNarrow: boolean): Size {
  const most = Math.max(sideOf(chart, 'from').length, sideOf(chart, 'to').length)
  return { width: isNarrow ? 360 : 1040, height: 110 + most * (isNarrow ? 42 : 52) }
}

interface Node {
  readonly id: string
  readonly side: 'from' | 'to'
  readonly text: string
  readonly colour: string
  /** 0: no more than the bands say. */
  readonly customers: number
}

/** Segments in the order of the report, those that are gone behind them, nobody last. */
function sideOf({ flows, segmentKeys, sizes }: Flows, side: 'from' | 'to'): readonly Node[] {
  const key = side === 'from' ? 'fromSegmentKey' : 'toSegmentKey'
  const sized = new Map(sizes.flatMap((one) => (one[side] === null ? [] : [[one.segmentKey, one] as const])))
  const names = new Map([
    ...flows.map((flow) => [flow[key], flow[side] ?? NOBODY[side]] as const),
    ...[...sized].map(([segmentKey, { name }]) => [segmentKey, name] as const),
  ])
  const rank = (one: string | null): number => {
    if (one === null) return Infinity
    const position = segmentKeys.indexOf(one)
    return position === -1 ? segmentKeys.length : position
  }
  return [...names]
    .sort(([a], [b]) => rank(a) - rank(b) || (String(a) < String(b) ? -1 : 1))
    .map(([one, text]) => ({
      ...{ id: idOf(side, one), side, text, colour: colourOf(one, segmentKeys) },
      customers: (one !== null && sized.get(one)?.[side]) || 0,
    }))
}

function idOf(side: string, key: string | null): string {
  return `${side} ${key ?? ''}`
}

/** Quiet: nobody, or a segment without a colour. */
export function colourOf(key: string | null, segmentKeys: readonly string[]): string {
  const position = key === null ? -1 : segmentKeys.indexOf(key)
  return position === -1 ? palette.quiet : segmentColour(position)
}
