import { bestSplit, isYes } from './tree-split.ts'
import type { TreeColumn, TreeSplit } from './tree-split.ts'

export type TreeNode =
  | { readonly split: TreeSplit; readonly yes: TreeNode; readonly no: TreeNode }
  /** The most frequent label of the rows that came here. */
  | { readonly label: number }

export interface TreeLimits {
  readonly depth: number
  /** Rows that a leaf has at least. */
  readonly leafRows: number
}

/**
 * Classification tree (CART: Breiman, Friedman, Olshen & Stone 1984), splits by Gini impurity, exact. Of equally good splits the first wins:
 * columns in the order given, then the lower bound or level; so the tree depends on nothing but the rows. Two leaves of one label are one.
 *
 * @param columns of equal length n
 * @param labels shape (n), at least one, 0 to labelCount − 1
 */
export function fitTree(
  columns: readonly TreeColumn[],
  labels: Int32Array,
  labelCount: number,
  { depth, leafRows }: TreeLimits,
): TreeNode {
  const orders = columns.map((column) => orderOf(column, labels.length))
  const grow = (orders: readonly Int32Array[], rows: Int32Array, left: number): TreeNode => {
    const counts = new Float64Array(labelCount)
    for (const row of rows) counts[labels[row]!]! += 1
    const leaf = { label: counts.indexOf(Math.max(...counts)) }
    const split = left === 0 ? undefined : bestSplit(columns, orders, labels, counts, leafRows)
    if (!split) return leaf
    const column = columns[split.column]!
    const says = (answer: boolean) => (row: number) => isYes(split, column, row) === answer
    const [yes, no] = [true, false].map((answer) =>
      grow(
        orders.map((order) => order.filter(says(answer))),
        rows.filter(says(answer)),
        left - 1,
      ),
    ) as [TreeNode, TreeNode]
    return 'label' in yes && 'label' in no && yes.label === no.label ? yes : { split, yes, no }
  }
  return grow(
    orders,
    Int32Array.from(labels, (_, row) => row),
    depth,
  )
}

/** The label that a tree gives a row. */
export function treeLabel(tree: TreeNode, columns: readonly TreeColumn[], row: number): number {
  let node = tree
  while (!('label' in node)) node = isYes(node.split, columns[node.split.column]!, row) ? node.yes : node.no
  return node.label
}

/** Rows by their value, unknown ones last; of a category in the order they came. */
function orderOf(column: TreeColumn, rowCount: number): Int32Array {
  const order = Int32Array.from({ length: rowCount }, (_, row) => row)
  if (column.kind === 'category') return order
  const { values } = column
  return order.sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!]
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b
    return x - y || a - b
  })
}
