/** What becomes of a held run that nobody decides. */
export function withoutDecision(rules: {
  readonly within: string
  readonly otherwise: 'reject' | 'useLiveModel'
}): string {
  const then =
    rules.otherwise === 'useLiveModel'
      ? 'the live model places the customers where its own gates allow it, else the run is rejected'
      : 'the run is rejected'
  return `Without a decision within ${rules.within} ${then}.`
}
