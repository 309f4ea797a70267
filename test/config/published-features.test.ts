import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { writeProject } from './project-files.ts'

/** The sound project, which has features recency and monetary, publishing these; with a feature made of a column that is called sensitive. */
function inspect(shown: string, withAge = false) {
  const folder = writeProject({
    project: withAge
      ? [
          ['sources:', 'privacy: { purpose: service, legalBasis: contract, sensitive: [birth_date] }\nsources:'],
          ['columns: { customer_id: id }', 'columns: { customer_id: id, birth_date: born_on }'],
        ]
      : [],
    pipeline: [
      ...(withAge
        ? ([
            ['  - recency\n', '  - recency\n  - age\n'],
            ['publish:', 'sensitive: { birth_date: offers }\npublish:'],
          ] as const)
        : []),
      ['s3: lake }', `s3: lake, features: ${shown} }`],
    ],
  })
  return inspectProject(folder, ['shop'])
}

describe('publish.features', () => {
  it.each(['all', '[recency]', '[monetary, recency]'])('may be %s', (shown) => {
    expect(inspect(shown).problems).toEqual([])
  })

  it('names features that there are, each once', () => {
    expect(inspect('[recencyy, monetary, monetary]').problems).toMatchObject([
      {
        key: 'publish.features[0]',
        came: '"recencyy"',
        wanted: 'the name of a feature of the pipeline: recency, monetary',
        hint: 'Did you mean recency?',
      },
      { key: 'publish.features[2]', came: '"monetary" again', wanted: 'each feature once' },
    ])
  })

  it('does not take in by all what is made of a sensitive column, which has to be named', () => {
    expect(inspect('all', true).problems).toMatchObject([
      {
        key: 'publish.features',
        came: 'all, with age of column "birth_date", which privacy.sensitive of resegment.yaml names',
        wanted: expect.stringContaining('recency, age, monetary') as string,
      },
    ])
    expect(inspect('[recency, age]', true).problems).toEqual([])
  })

  it('is refused when it is neither all nor a list of names', () => {
    expect(inspect('some').problems).toHaveLength(1)
    expect(inspect('[]').problems).toHaveLength(1)
  })
})
