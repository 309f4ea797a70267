import { expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

const PLACED = `overrides:
  - { customer: "4711", segment: Loyal, reason: Wants it so, author: ada }
  - { customer: "4712", segment: Loyal, reason: Wants it so, author: ada }
`

it('warns of customers whom a pipeline file names, since their ids reach the history of Temporal', () => {
  const warned = (rule: string, more = ''): readonly string[] =>
    inspectProject(
      writeProject({
        pipeline: [
          ['  - { rule: duplicates }\n', `  - ${rule}\n`],
          ['publish:', `${more}publish:`],
        ],
      }),
    )
      .warnings.map(problemText)
      .filter((text) => text.includes('by id'))
  expect(warned('{ rule: testCustomers, pattern: "^TEST" }')).toEqual([])
  expect(warned('{ rule: testCustomers, ids: ["4711"] }')).toEqual([
    expect.stringMatching(/cleanse\[0\]\.ids\n {4}came: a customer by id\n {4}wanted: a pattern or a condition/),
  ])
  expect(warned('{ rule: duplicates }', PLACED)).toEqual([
    expect.stringMatching(/overrides\n {4}came: 2 customers by id\n {4}wanted: a source of role overrides/),
  ])
})
