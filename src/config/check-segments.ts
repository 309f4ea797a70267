import type { Pipeline } from '../plan/pipeline.ts'
import { findProblems, resolveFeatures } from '../stages/features/resolve-features.ts'
import { describeValue, listNames, quote, suggestName } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** Names given by people: each by a key of this pipeline, or by a profile. */
export function checkSegments(pipeline: string, { segments, features }: Pipeline): readonly Finding[] {
  const named = Object.entries(segments)
  const columns = findProblems(features).length > 0 ? null : numbersOf(features)
  return named.flatMap(([name, { key, like }], index): readonly Finding[] => {
    const path = ['segments', name, 'key']
    if ((key === undefined) === (like === undefined))
      return [
        {
          path: ['segments', name],
          came: key === undefined ? 'neither key nor like' : 'both key and like',
          wanted: `one of them: key: ${pipeline}-3, or like: { monetary: high } where there are no keys yet`,
        },
      ]
    if (key === undefined)
      return Object.keys(like!).flatMap((feature) =>
        columns === null || columns.includes(feature)
          ? []
          : [
              {
                path: ['segments', name, 'like', feature],
                came: quote(feature),
                wanted: listNames('a feature of the pipeline that is a number', columns),
                hint: suggestName(feature, columns),
              },
            ],
      )
    if (!new RegExp(`^${pipeline}-[1-9]\\d*$`).test(key))
      return [{ path, came: describeValue(key), wanted: `a segment_key of this pipeline, such as ${pipeline}-3` }]
    const first = named.findIndex(([, other]) => other.key === key)
    if (first === index) return []
    return [{ path, came: `${quote(key)}, again`, wanted: `one name for a key; ${named[first]![0]} has it` }]
  })
}

function numbersOf(features: Pipeline['features']): readonly string[] {
  return resolveFeatures(features).flatMap(({ column, type }) =>
    type === 'category' || type === 'composition' ? [] : [column],
  )
}
