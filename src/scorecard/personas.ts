import type { Sign } from './question.ts'
import { listed, ofMain, quoted } from './signs.ts'

export const described: Sign = {
  wanted: 'Every segment says in words who is in it.',
  look: (evidence) =>
    ofMain(evidence, ({ live: { segments, publishedAt } }) => {
      const bare = segments.filter(({ description }) => description === '')
      return {
        met: segments.length === 0 ? 0 : 1 - bare.length / segments.length,
        because:
          bare.length === 0
            ? `All ${segments.length} have a description.`
            : `Without one: ${listed(quoted(bare.map(({ name }) => name)))}.`,
        where: 'view segments, column description',
        at: publishedAt,
      }
    }),
  raise: 'Give the segments notes under `segments` in the pipeline file.',
  command: 'resegment segments PIPELINE',
}

export const named: Sign = {
  wanted: 'People have named every segment.',
  look: (evidence) =>
    ofMain(evidence, ({ pipeline, live: { segments } }) => {
      const unnamed = segments.filter(({ isNamed }) => !isNamed)
      return {
        met: segments.length === 0 ? 0 : 1 - unnamed.length / segments.length,
        because:
          unnamed.length === 0
            ? `All ${segments.length} are named: ${listed(quoted(segments.map(({ name }) => name)))}.`
            : `Nobody named ${listed(unnamed.map(({ segmentKey }) => segmentKey))}.`,
        where: `pipelines/${pipeline}.yaml, segments`,
        at: null,
      }
    }),
  raise: 'Name them under `segments`: the names stay with their keys.',
  command: 'resegment segments PIPELINE',
}

export const owned: Sign = {
  wanted: 'Somebody answers for every segment.',
  look: (evidence) =>
    ofMain(evidence, ({ pipeline, live: { segments } }) => {
      const alone = segments.filter(({ owner }) => owner === '')
      return {
        met: segments.length === 0 ? 0 : 1 - alone.length / segments.length,
        because:
          alone.length === 0
            ? 'Every segment has an owner.'
            : `Nobody for ${listed(quoted(alone.map(({ name }) => name)))}.`,
        where: `pipelines/${pipeline}.yaml, segments`,
        at: null,
      }
    }),
  raise: 'Say who: `segments: { champions: { key: shop-3, owner: crm } }`.',
  command: null,
}
