import { expect } from 'vitest'
import { openTroubledPostgres, type PostgresTrouble } from '../adapters/warehouse/troubled-postgres.ts'
import type { PublishingScene, Seen } from './publishing-scene.ts'
import { goOn, type Prepared, type Story, type Try } from './publishing-stories.ts'
import { openTroubledS3, type Trouble } from './troubled-s3.ts'

type Content = Awaited<ReturnType<PublishingScene['content']>>

/** A story that nothing disturbs. */
export interface Undisturbed {
  /** What is asked of servers, in order. */
  readonly steps: readonly string[]
  /** All that consumers ever saw while it happened. */
  readonly views: readonly string[]
  readonly runs: readonly (string | null)[]
  readonly content: Content
  readonly contentLater: Content
}

export async function tellUndisturbed(scene: PublishingScene, story: Story): Promise<Undisturbed> {
  const steps: string[] = []
  const looks: Seen[] = []
  await scene.begin()
  const { attempt } = await story.prepare(scene)
  await between(scene, attempt, async (step) => {
    // Nobody sees what is not committed.
    if (steps.at(-1) === undefined || steps.at(-1) === 'commit') looks.push(await scene.look())
    steps.push(step)
    return undefined
  })
  looks.push(await scene.look())
  const content = await scene.content()
  await goOn(scene)
  const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]
  return {
    ...{ steps, content, contentLater: await scene.content() },
    views: distinct(looks.map(({ views }) => views)),
    runs: distinct(looks.map(({ live }) => live)),
  }
}

export const postgresTroubles: readonly PostgresTrouble[] = [
  ...(['cut', 'cut-after', 'terminated', '53100', 'down', '57014', '55P03', '40P01'] as const),
]
export const s3Troubles: readonly Trouble[] = ['broken', 'truncated', 'throttled', 'forbidden', 'slow']

/** Decides at the step that is disturbed, or does the disturbing. */
export type Disturbance = (
  step: string,
) => PostgresTrouble | Trouble | Promise<PostgresTrouble | Trouble | undefined | void>

export interface Disturbed {
  /** Counted from 0. */
  readonly n: number
  readonly disturbance: Disturbance
  /** Default: as the story has it. */
  readonly attempt?: (made: Prepared) => Try
  /** Before it is tried again. */
  readonly mend?: () => Promise<void>
}

/**
 * Tells a story with trouble at its n-th step: what consumers see then is what they see before or after an undisturbed one, and tried again
 * it ends as that one does.
 */
export async function tellDisturbed(
  scene: PublishingScene,
  story: Story,
  undisturbed: Undisturbed,
  disturbed: Disturbed,
): Promise<void> {
  await scene.begin()
  const made = await story.prepare(scene)
  let count = 0
  let what = ''
  /** It may go on when the attempt has long failed. */
  let happening: Promise<PostgresTrouble | Trouble | undefined> | undefined
  const ended = await between(scene, disturbed.attempt?.(made) ?? made.attempt, async (step) => {
    if (count++ !== disturbed.n) return undefined
    what = `Step ${disturbed.n} of ${story.title}: ${step}`
    happening = Promise.resolve(disturbed.disturbance(step)).then((trouble) => trouble ?? undefined)
    return happening
  }).then(
    () => undefined,
    (error: unknown) => error,
  )
  what = `${await happening}, ${what}`
  expect(count, `the step was never reached: ${disturbed.n}`).toBeGreaterThan(disturbed.n)
  // Whoever must act is told by a class of ours what to do.
  if (ended !== undefined) expect(ended, what).toSatisfy(isOurs)
  const seen = await scene.look()
  expect(undisturbed.views, what).toContain(seen.views)
  expect(undisturbed.runs, what).toContain(seen.live)
  // Files are never ahead of the tables.
  expect(undisturbed.runs.slice(0, undisturbed.runs.indexOf(seen.live) + 1), what).toContain(seen.latest)

  await disturbed.mend?.()
  await made.attempt(scene.place())
  // What one attempt could not tidy up, the next publication does.
  const differing = differences(await scene.content(), undisturbed.content)
  expect(Object.fromEntries(differing.filter(([name]) => !/^(publication|membership_score)/.test(name))), what).toEqual(
    {},
  )
  await goOn(scene)
  expect(Object.fromEntries(differences(await scene.content(), undisturbed.contentLater)), what).toEqual({})
}

function differences(content: Content, wanted: Content): readonly (readonly [name: string, unknown])[] {
  return [...new Set([...Object.keys(content), ...Object.keys(wanted)])].flatMap((name) => {
    const both = { found: content[name], wanted: wanted[name] }
    return JSON.stringify(both.found) === JSON.stringify(both.wanted) ? [] : [[name, both] as const]
  })
}

function isOurs(error: unknown): boolean {
  const { type, name, remedy, details } = error as { [key: string]: unknown }
  return (name === 'ApplicationFailure' && Array.isArray(details)) || (type !== undefined && remedy !== undefined)
}

async function between(
  scene: PublishingScene,
  attempt: Try,
  choose: (step: string) => Promise<PostgresTrouble | Trouble | undefined>,
): Promise<void> {
  const place = scene.place()
  // S3 stays as it is from then on: its client tries again by itself.
  let lasting: Trouble | undefined
  const postgres = await openTroubledPostgres(
    place.connectionString,
    (step) => choose(step) as Promise<PostgresTrouble>,
  )
  const s3 = await openTroubledS3(place.s3.endpoint, async (method, path) => {
    lasting ??= (await choose(`${method} ${path}`)) as Trouble | undefined
    return lasting ?? 'none'
  })
  try {
    const own = { ...place, connectionString: postgres.url, s3: { ...place.s3, endpoint: s3.endpoint } }
    await attempt(own)
  } finally {
    await Promise.all([postgres.close(), s3.close()])
  }
}

/** Whether a step is asked of S3. */
export function isOfS3(step: string): boolean {
  return /^(GET|PUT|HEAD|POST|DELETE) \//.test(step)
}
