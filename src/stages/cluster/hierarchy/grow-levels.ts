/** What a splitter makes of a group. */
export interface Split<Group> {
  /** What splitting wins; the group that wins most is split first. */
  readonly gain: number
  readonly parts: readonly [Group, Group]
}

export interface LevelPlan {
  /** At most so many groups. */
  readonly count: number
  /** Weight that a group has at least. */
  readonly minimum: number
}

export interface Level<Group> {
  readonly groups: readonly Group[]
  /** Index of the group of the level above that each comes from; on the first level 0. */
  readonly parents: readonly number[]
}

/**
 * Splits a group again and again: first as the coarsest level allows, then the groups of that level as the next allows, and so on. So levels
 * are nested by construction.
 *
 * @param split the best split of a group whose parts both weigh at least `minimum`; null when there is none
 */
export async function growLevels<Group>(
  root: Group,
  plans: readonly LevelPlan[],
  split: (group: Group, minimum: number) => Promise<Split<Group> | null>,
): Promise<readonly Level<Group>[]> {
  const levels: Level<Group>[] = []
  let tops: readonly Group[] = [root]
  for (const { count, minimum } of plans) {
    const open = await Promise.all(
      tops.map(async (group, parent) => ({ group, parent, next: await split(group, minimum) })),
    )
    while (open.length < count) {
      let best = -1
      open.forEach(({ next }, i) => {
        if (next && (best < 0 || next.gain > open[best]!.next!.gain)) best = i
      })
      if (best < 0) break
      const { parent, next } = open[best]!
      const parts = await Promise.all(
        next!.parts.map(async (group) => ({ group, parent, next: await split(group, minimum) })),
      )
      open.splice(best, 1, ...parts)
    }
    tops = open.map(({ group }) => group)
    levels.push({ groups: tops, parents: open.map(({ parent }) => parent) })
  }
  return levels
}
