/** How often a property is tried: `npm run test:nightly` tries ten times as often as `npm test`. */
export function propertyRuns(daily: number): number {
  return process.env['RESEGMENT_TEST_NIGHT'] === '1' ? 10 * daily : daily
}
