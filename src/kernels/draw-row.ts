/**
 * The row at which a running sum of shares passes `part` of their total. Never one without a share, whatever rounding does.
 *
 * @param part 0 to 1
 * @param pieces the rows in order, each with the sum of its shares; at least one share is positive
 */
export function drawRow(
  part: number,
  pieces: readonly { readonly from: number; readonly to: number; readonly total: number }[],
  shareOf: (row: number) => number,
): number {
  const withShares = pieces.filter(({ total }) => total > 0)
  let left = part * withShares.reduce((sum, { total }) => sum + total, 0)
  let piece = 0
  while (piece < withShares.length - 1 && left >= withShares[piece]!.total) left -= withShares[piece++]!.total
  const { from, to } = withShares[piece]!
  let row = from
  for (let at = from; at < to; at++) {
    const share = shareOf(at)
    if (!(share > 0)) continue
    row = at
    left -= share
    if (left < 0) break
  }
  return row
}
