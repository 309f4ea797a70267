import type { LiveEvidence, PipelineEvidence, ScorecardEvidence } from './evidence.ts'
import type { Finding, Sign } from './question.ts'

/** A pipeline that consumers see something of. */
export type LivePipeline = PipelineEvidence & { readonly live: LiveEvidence }

export function livePipelines({ pipelines }: ScorecardEvidence): readonly LivePipeline[] {
  return pipelines.filter((one): one is LivePipeline => one.live !== null)
}

/** The published segmentation that decides most: of most customers. */
export function mainPipeline(evidence: ScorecardEvidence): LivePipeline | undefined {
  const sizeOf = ({ live }: LivePipeline): number => live.segments.reduce((sum, { customers }) => sum + customers, 0)
  return [...livePipelines(evidence)].sort((a, b) => sizeOf(b) - sizeOf(a))[0]
}

/** What a sign says of the main published segmentation; not there at all before the first publication. */
export function ofMain(evidence: ScorecardEvidence, look: (main: LivePipeline) => Finding): Finding {
  const main = mainPipeline(evidence)
  return main ? look(main) : { met: 0, because: 'Nothing is published.', where: 'resegment runs', at: null }
}

/** A sign that is there where some pipeline file does what is looked for. @param names what it does, in a few words each */
export function inDefinitions({
  names,
  nothing,
  ...sign
}: Omit<Sign, 'look'> & {
  readonly names: (pipeline: PipelineEvidence) => readonly string[]
  readonly nothing: string
}): Sign {
  return { ...sign, look: (evidence) => ofDefinitions(evidence, names, nothing) }
}

function ofDefinitions(
  { pipelines }: ScorecardEvidence,
  names: (pipeline: PipelineEvidence) => readonly string[],
  nothing: string,
): Finding {
  const found = pipelines.flatMap((one) => {
    const those = names(one)
    return those.length === 0 ? [] : [{ pipeline: one.pipeline, those }]
  })
  if (found.length === 0) return { met: 0, because: nothing, where: null, at: null }
  const because = found.map(({ pipeline, those }) => `${pipeline}: ${listed(those)}`).join('; ')
  return { met: 1, because: `${because}.`, where: `pipelines/${found[0]!.pipeline}.yaml`, at: null }
}

export function featuresOf(groups: readonly string[]): (pipeline: PipelineEvidence) => readonly string[] {
  return ({ features }) =>
    features.filter(({ group }) => group !== null && groups.includes(group)).map(({ name }) => name)
}

/** Features whose name, or that of the catalogue, fits. */
export function matching(pattern: RegExp): (pipeline: PipelineEvidence) => readonly string[] {
  return ({ features }) =>
    features.filter(({ name, feature }) => pattern.test(`${name} ${feature}`)).map(({ name }) => name)
}

const SHOWN = 4

export function listed(names: readonly string[]): string {
  const more = names.length - SHOWN
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ')
}

/** Names of segments hold commas: `“New, few orders”, “Loyal”`. */
export function quoted(names: readonly string[]): readonly string[] {
  return names.map((name) => `“${name}”`)
}

/** `12 %` */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

const DAY_MS = 24 * 60 * 60 * 1000

export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / DAY_MS)
}
