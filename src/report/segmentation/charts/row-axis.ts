import { FONT, shorten } from './draw.ts'

/** Pixels to the left of the rows, for their names. */
export const ROOM = { wide: 240, narrow: 118 }
const CHARACTERS = { wide: 30, narrow: 15 }

/** The names of rows at the left edge, the first on top, wherever zero is. */
export function rowAxis(labels: readonly string[], isNarrow: boolean) {
  return {
    type: 'category',
    inverse: true,
    data: labels.map((label) => shorten(label, CHARACTERS[isNarrow ? 'narrow' : 'wide'])),
    axisLine: { show: false, onZero: false },
    axisTick: { show: false },
    axisLabel: { ...FONT, fontSize: isNarrow ? 12 : 13, margin: 10 },
  }
}
