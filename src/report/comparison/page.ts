import type { GateOutcome } from '../../run/verdict.ts'

/** A value of a table, as text; everything else only helps the eye. */
export interface Cell {
  readonly text: string
  /** Colours the text as that outcome. */
  readonly tone?: GateOutcome
  /** Tints the cell, 0 to 1; from −1 to 0 in the other colour. */
  readonly heat?: number
  /** Bars from 0 to 1, one below the other: before, after. */
  readonly bars?: readonly [before: number, after: number]
  /** A second line, smaller. */
  readonly note?: string
  /** Where the text leads; relative. */
  readonly href?: string
}

export interface Table {
  /** What it shows, for people who cannot see it. */
  readonly caption: string
  readonly columns: readonly { readonly title: string; readonly align?: 'left' | 'right' }[]
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly Cell[])[]
}

export interface Section {
  readonly title: string
  /** Sentences above the tables. */
  readonly lead?: string
  readonly list?: readonly string[]
  readonly tables?: readonly Table[]
  /** Commands with what they do. */
  readonly commands?: readonly { readonly command: string; readonly text: string }[]
  /** Below the tables, smaller. */
  readonly foot?: string
}

/** A comparison as people read it; every form of it is made of this. */
export interface ComparisonPage {
  readonly title: string
  readonly facts: readonly string[]
  /** `label` is what stands before it. Default: Verdict. */
  readonly verdict: { readonly label?: string; readonly outcome: GateOutcome; readonly text: string }
  /** The finding, in sentences. */
  readonly finding: readonly string[]
  readonly sections: readonly Section[]
}
