/** Methods whose confidence is (distance to the next − distance to the own) ÷ distance to the next. */
const BY_DISTANCE: readonly string[] = ['kmeans', 'mixed', 'hierarchy']

/** Whether a method of clustering says how near a customer is to a border; `validate.minimumChange` is of these. */
export function measuresMargins({ method }: { readonly method: string }): boolean {
  return BY_DISTANCE.includes(method)
}
