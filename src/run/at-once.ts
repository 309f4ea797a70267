/**
 * Does something with each item, a few at once: for what mostly waits on others. After a failure nothing new is begun, and what goes on is
 * waited for, so that nobody works on behind the caller's back.
 *
 * @param most at once, from 1
 * @returns results in the order of the items
 * @throws the first failure
 */
export async function atOnce<Item, Result>(
  most: number,
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  const failures: unknown[] = []
  const ahead = items.entries()
  const turns = Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const [index, item] of ahead)
      try {
        results[index] = await task(item)
        if (failures.length > 0) return
      } catch (error) {
        failures.push(error)
        return
      }
  })
  await Promise.all(turns)
  if (failures.length > 0) throw failures[0]
  return results
}
