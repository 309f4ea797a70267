import type { LiftRow, MoneyRow, SegmentOutcomes } from '../effectiveness/segment-outcomes.ts'
import { formatCount, formatShare } from '../run/figures.ts'

/** A table as texts, for every form that it is shown in. The first column names a row; the others are figures. */
export interface TextTable {
  readonly title: string
  /** What the table says, and how to read it. */
  readonly sentences: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Where the money goes, and what the programme brought, as far as it is known. */
export function segmentOutcomeTables({ earnedIs, money, lift, sinceFirst }: SegmentOutcomes): readonly TextTable[] {
  return [
    ...(money ? [moneyTable(money, earnedIs)] : []),
    ...(lift ? [liftTable('What the programme brought', [], lift)] : []),
    ...(sinceFirst
      ? [
          liftTable(
            `What the programme brought since ${sinceFirst.run}`,
            [`All of the time together, by the segments that customers were in then.`],
            sinceFirst.lift,
          ),
        ]
      : []),
  ]
}

function moneyTable(money: readonly MoneyRow[], earnedIs: SegmentOutcomes['earnedIs']): TextTable {
  const known = money.filter(({ shift }) => shift !== null)
  const named = (rows: readonly MoneyRow[]): string =>
    rows.map(({ segmentName, shift }) => `“${segmentName}” ${pointsText(shift!)}`).join(', ')
  const proposal =
    known.length === 0
      ? 'Which segment should get more of it is not known: no two segments surely earn more and less than their share of the contact spend.'
      : `Proposed change of the share of contact spend: ${named(known)}. Elsewhere it is not known.`
  return {
    title: 'Where the money goes',
    sentences: [
      proposal,
      `What is compared is what was earned on average; the next unit of money earns less. Move a part of it, and try it with a holdout. Earned is ${earnedIs}; intervals hold together with 95 % (delta method, Bonferroni).`,
    ],
    columns: ['Segment', 'Contact spend', 'Ordered', 'Earned', 'Earned less spend', 'Interval', 'Proposed'],
    rows: money.map((one) => [
      one.segmentName,
      formatShare(one.costShare),
      formatShare(one.orderedShare),
      formatShare(one.earnedShare),
      pointsText(one.gap),
      `${pointsText(one.gapLower)} to ${pointsText(one.gapUpper)}`,
      one.shift === null ? 'not known' : pointsText(one.shift),
    ]),
  }
}

function liftTable(title: string, further: readonly string[], lift: readonly LiftRow[]): TextTable {
  const all = lift.find(({ segmentKey }) => segmentKey === null)!
  const isSure = all.spendLower > 0 || all.spendUpper < 0
  return {
    title,
    sentences: [
      isSure
        ? `Customers who were not held out spent ${moneyText(all.spend)} ${all.spend > 0 ? 'more' : 'less'} each than those who were.`
        : 'Whether customers who were not held out spend more than those who were is not known: the interval reaches 0.',
      ...further,
      'Those not held out less those held out, each as they were drawn, with 95 % intervals; segments with fewer than 5 on a side are left out.',
    ],
    columns: ['Segment', 'Held out', 'Others', 'Spend each', 'Interval', 'Ordered', 'Interval'],
    rows: lift.map((one) => [
      one.segmentName,
      formatCount(one.heldOut),
      formatCount(one.others),
      moneyText(one.spend),
      `${moneyText(one.spendLower)} to ${moneyText(one.spendUpper)}`,
      pointsText(one.ordered),
      `${pointsText(one.orderedLower)} to ${pointsText(one.orderedUpper)}`,
    ]),
  }
}

/** Percentage points, with a sign. */
function pointsText(share: number): string {
  const points = (100 * share).toFixed(1)
  return `${share > 0 ? '+' : ''}${points.replace('-', '−')} pp`
}

function moneyText(amount: number): string {
  return amount.toFixed(2).replace('-', '−')
}
