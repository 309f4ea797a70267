import type { GateOutcome } from '../../run/verdict.ts'
import type { Section, Table } from '../comparison/page.ts'
import type { Chart } from './charts/chart.ts'

/** A chart whose title says what it shows, with the table it is drawn from. */
export interface Figure {
  readonly title: string
  /** How to read it. */
  readonly note?: string
  readonly chart: Chart
  readonly table: Table
}

/** A name with its value, and what there is to say beside it. */
export interface Fact {
  readonly label: string
  readonly value: string
  readonly note?: string
}

/** What stands in a chapter, in this order. */
export interface Part {
  readonly title?: string
  readonly facts?: readonly Fact[]
  readonly paragraphs?: readonly string[]
  readonly figure?: Figure
  readonly list?: readonly string[]
  readonly table?: Table
}

/** `id` is what links lead to. */
export interface Chapter {
  readonly id: string
  readonly title: string
  readonly lead?: string
  /** Position of its colour; absent: it has none. */
  readonly colour?: number
  readonly parts: readonly Part[]
  /** As pages of comparisons have them. */
  readonly sections?: readonly Section[]
}

/** A report as people read it; every form of it is made of this. */
export interface ReportDocument {
  readonly title: string
  readonly facts: readonly string[]
  readonly verdict: { readonly outcome: GateOutcome; readonly text: string } | null
  readonly finding: readonly string[]
  readonly chapters: readonly Chapter[]
}
