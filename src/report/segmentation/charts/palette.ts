/** Stand-ins that the drawing library carries through, each for a colour of the page: so a chart is light or dark with it. */
const variables = {
  ink: '#000101',
  quiet: '#000102',
  line: '#000103',
  paper: '#000104',
  muted: '#000105',
  accent: '#000106',
  high: '#000107',
  low: '#000108',
  s1: '#000201',
  s2: '#000202',
  s3: '#000203',
  s4: '#000204',
  s5: '#000205',
  s6: '#000206',
  s7: '#000207',
  s8: '#000208',
} as const

export const palette: Readonly<Record<keyof typeof variables, string>> = variables

const SEGMENT_COLOURS = [
  variables.s1,
  variables.s2,
  variables.s3,
  variables.s4,
  variables.s5,
  variables.s6,
  variables.s7,
  variables.s8,
]

/** Colour of the nth segment; after eight they come again. */
export function segmentColour(position: number): string {
  return SEGMENT_COLOURS[position % SEGMENT_COLOURS.length]!
}

/** Stand-ins as what they stand for: `var(--s1)`. */
export function asVariables(svg: string): string {
  return Object.entries(variables).reduce((text, [name, hex]) => {
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
    return text.replaceAll(hex, `var(--${name})`).replaceAll(`rgb(${red},${green},${blue})`, `var(--${name})`)
  }, svg)
}
