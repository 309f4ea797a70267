import type { ReportedFlow } from '../report.ts'
import { FONT, shorten, type ChartOption, type Size } from './draw.ts'
import { palette, segmentColour } from './palette.ts'

export interface Flows {
  readonly kind: 'flows'
  /** Keys of the segments in the order of their colours. */
  readonly segmentKeys: readonly string[]
  readonly flows: readonly ReportedFlow[]
}

const NOBODY = { from: 'New or returned', to: 'Gone' }
/** Opacity of bands. */
export const STAYED = 0.16
export const MOVED = 0.62

/** Before on the left, now on the right: who stays is pale. */
export function flowsOption({ segmentKeys, flows }: Flows, isNarrow: boolean): ChartOption {
  const nodes = [...sideOf(flows, 'from', segmentKeys), ...sideOf(flows, 'to', segmentKeys)]
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
        data: nodes.map(({ id, side, text, colour }) => ({
          name: id,
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

export function flowsSize({ flows }: Flows, isNarrow: boolean): Size {
  const most = Math.max(...(['from', 'to'] as const).map((side) => new Set(flows.map((flow) => flow[side])).size))
  return { width: isNarrow ? 360 : 1040, height: 110 + most * (isNarrow ? 42 : 52) }
}

interface Node {
  readonly id: string
  readonly side: 'from' | 'to'
  readonly text: string
  readonly colour: string
}

/** Segments in the order of the report, those that are gone behind them, nobody last. */
function sideOf(flows: readonly ReportedFlow[], side: 'from' | 'to', segmentKeys: readonly string[]): readonly Node[] {
  const key = side === 'from' ? 'fromSegmentKey' : 'toSegmentKey'
  const names = new Map(flows.map((flow) => [flow[key], flow[side] ?? NOBODY[side]]))
  const rank = (one: string | null): number => {
    if (one === null) return Infinity
    const position = segmentKeys.indexOf(one)
    return position === -1 ? segmentKeys.length : position
  }
  return [...names]
    .sort(([a], [b]) => rank(a) - rank(b) || (String(a) < String(b) ? -1 : 1))
    .map(([one, text]) => ({ id: idOf(side, one), side, text, colour: colourOf(one, segmentKeys) }))
}

function idOf(side: string, key: string | null): string {
  return `${side} ${key ?? ''}`
}

/** Quiet: nobody, or a segment without a colour. */
export function colourOf(key: string | null, segmentKeys: readonly string[]): string {
  const position = key === null ? -1 : segmentKeys.indexOf(key)
  return position === -1 ? palette.quiet : segmentColour(position)
}
