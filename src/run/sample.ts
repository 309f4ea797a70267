import { formatCount, formatShare } from './figures.ts'

/** The customers of a dry run that looked at some only: those whose id has a small hash, the same ones each time. */
export interface Sample {
  /** How many were asked for. */
  readonly wanted: number
  /** How many ids there are in all, before cleansing. */
  readonly ofCustomers: number
  /** Which part of all customers is looked at, 0 to 1. */
  readonly share: number
}

/** What a sample came to: its figures are estimates of the whole. */
export interface SampleSummary extends Sample {
  /** How many customers the run has; null before stage validate. */
  readonly customers: number | null
  /** Share of the panel whose segment changed, with the bounds of 95 % for that of all customers; null: there is no panel, or not yet. */
  readonly churn: { readonly share: number; readonly lower: number; readonly upper: number } | null
}

/** That figures are those of a sample, and how far they may be from the whole. */
export function sampleText({ wanted, ofCustomers, share, customers, churn }: SampleSummary): string {
  if (share >= 1)
    return `A sample of ${formatCount(wanted)} customers was asked for, and there are ${formatCount(ofCustomers)}: these are all.`
  const size = customers === null ? `about ${formatCount(wanted)}` : formatCount(customers)
  const about = `A sample: ${size} of ${formatCount(ofCustomers)} customers (${formatShare(share)}), the same ones each time.`
  if (churn === null) return about
  const margin = Math.max(churn.share - churn.lower, churn.upper - churn.share)
  return `${about} What is live was reduced to them too, so shares are estimates of the whole: of all customers in both, ${formatShare(churn.share)} ± ${formatShare(margin)} would move (95 %; that segments were fitted to fewer customers is not counted in). Gates over numbers of rows see them scaled up.`
}
