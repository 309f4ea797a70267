/**
 * Cohen's h (Cohen 1988): difference of two shares after the arcsine transform; 0.2 is small, 0.5 medium, 0.8 large.
 *
 * @param a 0 to 1
 * @param b 0 to 1
 * @returns positive when `a` is larger; NaN when either is
 */
export function cohensH(a: number, b: number): number {
  return 2 * Math.asin(Math.sqrt(a)) - 2 * Math.asin(Math.sqrt(b))
}
