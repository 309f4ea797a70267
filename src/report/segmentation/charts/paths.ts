import type { PathStep } from '../../../run/segment-paths.ts'
import type { SegmentSize } from '../withhold-paths.ts'
import { FONT, shorten, type ChartOption, type Size } from './draw.ts'
import { colourOf, MOVED, STAYED } from './flows.ts'
import { palette } from './palette.ts'

export interface Paths {
  readonly kind: 'paths'
  /** Of each column. */
  readonly periods: readonly string[]
  /** Keys of the segments in the order of their colours. */
  readonly segmentKeys: readonly string[]
  readonly names: Readonly<Record<string, string>>
  readonly steps: readonly PathStep[]
  /** How large segments were at a column: where not all steps are drawn, a block is higher than its bands. */
  readonly sizes: readonly SegmentSize[]
}

const WIDTH = { wide: 1040, narrow: 360 }
const NODE_WIDTH = 12
const HEADER = 26
/** A narrow screen has room for so many columns, the newest. */
export const NARROW_COLUMNS = 4
/** Shorter names tell nothing: then only the outer columns have them, as colours go on. */
const SHORTEST_NAME = 14

/** A column a publication: who stays is pale, who comes and who goes is grey. */
export function pathsOption(chart: Paths, isNarrow: boolean): ChartOption {
  const { periods, segmentKeys, names, steps, sizes } = columnsOf(chart, isNarrow)
  const fontSize = isNarrow ? 11 : 13
  const gap = ((isNarrow ? WIDTH.narrow : WIDTH.wide) - NODE_WIDTH) / (periods.length - 1)
  const room = Math.floor(gap / (fontSize * 0.62))
  const last = periods.length - 1
  const hasInner = last === 1 || room / 2 >= SHORTEST_NAME
  const textOf = ({ key, side, column }: Node): string => {
    if (key === null) return side === 'to' ? 'Gone' : 'New'
    if (!hasInner && column !== 0 && column !== last) return ''
    return shorten(names[key] ?? key, hasInner ? Math.floor(room / 2) - 2 : room - 3)
  }
  return {
    graphic: periods.map((period, column) => ({
      type: 'text',
      x: column * gap + (column === 0 ? 0 : column === last ? NODE_WIDTH : NODE_WIDTH / 2),
      y: 4,
      style: {
        ...{ text: period, fill: palette.quiet, font: `${fontSize - 1}px ${FONT.fontFamily}` },
        align: column === 0 ? 'left' : column === last ? 'right' : 'center',
      },
    })),
    series: [
      {
        type: 'sankey',
        ...{ left: 0, right: 0, top: HEADER, bottom: 6 },
        ...{ nodeWidth: NODE_WIDTH, nodeGap: 14, layoutIterations: 0, nodeAlign: 'justify', draggable: false },
        emphasis: { disabled: true },
        data: nodesOf(steps, sizes, segmentKeys).map((node) => ({
          name: idOf(node),
          depth: node.column,
          value: node.customers,
          itemStyle: { color: colourOf(node.key, segmentKeys), borderWidth: 0 },
          label: {
            ...{ ...FONT, fontSize, position: node.column === last ? 'left' : 'right' },
            ...{ textBorderColor: palette.paper, textBorderWidth: 3, formatter: () => textOf(node) },
          },
        })),
        links: steps.map((step) => ({
          source: idOf(fromNode(step)),
          target: idOf(toNode(step)),
          value: step.customers,
          lineStyle: {
            color: colourOf(step.fromSegmentKey ?? step.toSegmentKey, segmentKeys),
            opacity: step.fromSegmentKey === step.toSegmentKey ? STAYED : MOVED,
            curveness: 0.5,
          },
        })),
      },
    ],
  } as ChartOption
}

export function pathsSize(chart: Paths, isNarrow: boolean): Size {
  const { periods, segmentKeys, steps, sizes } = columnsOf(chart, isNarrow)
  const nodes = nodesOf(steps, sizes, segmentKeys)
  const most = Math.max(...periods.map((_, column) => nodes.filter((node) => node.column === column).length))
  return { width: isNarrow ? WIDTH.narrow : WIDTH.wide, height: 110 + HEADER + most * (isNarrow ? 42 : 52) }
}

/** `side`: nobody's node is where customers go to, or where they come from. */
interface Node {
  readonly column: number
  readonly key: string | null
  readonly side: 'from' | 'to' | 'both'
  /** Of a segment of a few: 0. */
  readonly customers: number
}

function fromNode({ position, fromSegmentKey }: PathStep): Node {
  return { column: position, key: fromSegmentKey, side: fromSegmentKey === null ? 'from' : 'both', customers: 0 }
}

function toNode({ position, toSegmentKey }: PathStep): Node {
  return { column: position + 1, key: toSegmentKey, side: toSegmentKey === null ? 'to' : 'both', customers: 0 }
}

function idOf({ column, key, side }: Omit<Node, 'customers'>): string {
  return `${column} ${side} ${key ?? ''}`
}

/** Segments in the order of their colours; below them who is gone, and who comes next. */
function nodesOf(
  steps: readonly PathStep[],
  sizes: readonly SegmentSize[],
  segmentKeys: readonly string[],
): readonly Node[] {
  const all = [
    ...steps.flatMap((step) => [fromNode(step), toNode(step)]),
    ...sizes.map(({ position, segmentKey, customers }): Node => ({
      ...{ column: position, key: segmentKey, side: 'both', customers },
    })),
  ]
  const nodes = new Map(all.map((node) => [idOf(node), node]))
  const rank = ({ key, side }: Node): number =>
    key === null ? segmentKeys.length + (side === 'to' ? 0 : 1) : segmentKeys.indexOf(key)
  return [...nodes.values()].sort((a, b) => a.column - b.column || rank(a) - rank(b))
}

function columnsOf(chart: Paths, isNarrow: boolean): Paths {
  const { periods, steps, sizes } = chart
  const skipped = isNarrow ? Math.max(0, periods.length - NARROW_COLUMNS) : 0
  const rest = <T extends { readonly position: number }>(all: readonly T[]): readonly T[] =>
    all.filter(({ position }) => position >= skipped).map((one) => ({ ...one, position: one.position - skipped }))
  return { ...chart, periods: periods.slice(skipped), steps: rest(steps), sizes: rest(sizes) }
}
