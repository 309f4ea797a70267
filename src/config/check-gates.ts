import type { Pipeline } from '../plan/pipeline.ts'
import { gateNames, isOnlyOfScore } from '../stages/validate/gates/catalogue.ts'
import { withoutEnd } from '../stages/validate/gates/custom-gates.ts'
import { sideText, type GateLevels, type GateThresholds } from '../stages/validate/gates/thresholds.ts'
import { describeValue, quote } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

/** What thresholds must be to one another, to the pipeline's keys, and what gates of its own are called and ask. */
export function checkGates(pipeline: string, validate: Pipeline['validate']): readonly Finding[] {
  const regular = gateNames.flatMap((gate) =>
    isOnlyOfScore(gate) ? [] : [{ path: ['validate', gate], thresholds: validate[gate] }],
  )
  const ofScore = Object.entries(validate.score).map(([gate, thresholds]) => ({
    path: ['validate', 'score', gate],
    thresholds,
  }))
  const own = validate.custom.map((gate, index) => ({ path: ['validate', 'custom', index], thresholds: gate }))
  return [
    ...[...regular, ...ofScore, ...own].flatMap(({ path, thresholds }) => checkThresholds(pipeline, path, thresholds)),
    ...checkCustom(validate.custom),
  ]
}

function checkThresholds(pipeline: string, path: KeyPath, thresholds: GateThresholds): readonly Finding[] {
  const segments = Object.entries(thresholds.segments ?? {})
  return [
    ...checkOrder(path, thresholds),
    ...segments.flatMap(([key, levels]) => {
      const at = [...path, 'segments', key]
      const isKey = new RegExp(`^${pipeline}-[1-9]\\d*$`).test(key)
      return [
        ...(isKey
          ? []
          : [
              {
                path: at,
                came: quote(key),
                wanted: `a segment_key of this pipeline, such as ${pipeline}-3: \`resegment segments ${pipeline}\` lists them`,
              },
            ]),
        ...checkOrder(at, { ...thresholds, ...levels }),
      ]
    }),
  ]
}

/** A gate that only ever holds once it has failed would never hold. */
function checkOrder(path: KeyPath, { hold, fail }: GateLevels): readonly Finding[] {
  if (!hold || !fail) return []
  const above = (fail.above ?? Infinity) <= (hold.above ?? -Infinity)
  const below = (fail.below ?? -Infinity) >= (hold.below ?? Infinity)
  if (!above && !below) return []
  return [
    {
      path: [...path, 'fail'],
      came: `fail ${sideText(fail)}, hold ${sideText(hold)}`,
      wanted: `fail further out than hold (${above ? 'higher' : 'lower'}), or only one of them`,
    },
  ]
}

/** The engine has the last word on SQL, in stage validate; what is surely wrong is found here. */
function checkCustom(custom: Pipeline['validate']['custom']): readonly Finding[] {
  const taken: readonly string[] = gateNames
  return custom.flatMap(({ name, sql }, index): readonly Finding[] => {
    const path = ['validate', 'custom', index]
    const query = withoutEnd(sql)
    const first = custom.findIndex((other) => other.name === name)
    return [
      ...(taken.includes(name)
        ? [{ path: [...path, 'name'], came: quote(name), wanted: 'another name: the catalogue has a gate of this one' }]
        : []),
      ...(first < index
        ? [{ path: [...path, 'name'], came: `${quote(name)}, again`, wanted: 'one gate of a name' }]
        : []),
      ...(/^\(*\s*(select|with|from)\b/i.test(withoutComments(query))
        ? []
        : [
            {
              path: [...path, 'sql'],
              came: describeValue(sql),
              wanted: 'a query that gives one number, such as select count(*) from candidate where segment_key = …',
            },
          ]),
      ...(openBrackets(query) === 0
        ? []
        : [
            {
              path: [...path, 'sql'],
              came: `${describeValue(sql)}, with ${openBrackets(query) > 0 ? 'an open' : 'one too many closing'} bracket`,
              wanted: 'as many opening as closing brackets, and quotes that end',
            },
          ]),
    ]
  })
}

function withoutComments(query: string): string {
  return query.replaceAll(/--.*$/gm, '').trim()
}

/** Outside of texts and quoted names. */
function openBrackets(query: string): number {
  const bare = query.replaceAll(/'[^']*'|"[^"]*"|--.*$/gm, '')
  return [...bare].reduce((open, letter) => open + (letter === '(' ? 1 : letter === ')' ? -1 : 0), 0)
}
