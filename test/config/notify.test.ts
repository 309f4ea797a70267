import { describe, expect, it } from 'vitest'
import { inspectProject, loadProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { resolveDefinition } from '../../src/config/resolve-definition.ts'
import { keptDefinition } from '../../src/plan/kept-definition.ts'
import { definitionHashOf } from '../../src/plan/plan-run.ts'
import { writeProject } from './project-files.ts'

const NOTIFY = `notify:
  - { webhook: { secret: SLACK_URL } }
  - { email: { smtp: { secret: SMTP_URL }, from: segments@acme.example, to: [ada@acme.example] }, on: [failed, stale], pipelines: [club] }
  - { command: [pager, --loud], pipelines: [shop] }
sources:
`
const CLUB = { 'pipelines/club.yaml': 'pipeline: club\n' }
const folderOf = (...changes: (readonly [string, string])[]): string =>
  writeProject({
    project: [
      [
        'sources:\n',
        changes.reduce((text, [from, to]) => {
          expect(text).toContain(from)
          return text.replace(from, to)
        }, NOTIFY),
      ],
    ],
    more: CLUB,
  })
const problemsOf = (...change: readonly [string, string]): readonly string[] =>
  inspectProject(folderOf(change), []).problems.map(problemText)

describe('channels', () => {
  it('travel with the definitions of their pipelines, as they are numbered in the file, with secrets as names', () => {
    const definition = resolveDefinition({ project: loadProject(folderOf()), pipelineName: 'shop', targetName: 'prod' })
    const on = ['failed', 'held', 'reminded', 'retrying', 'unserved', 'missed', 'stale']
    expect(definition.notify).toEqual([
      { number: 1, webhook: { secret: 'SLACK_URL' }, allowHttp: false, allowPrivate: false, on },
      { number: 3, command: ['pager', '--loud'], on, pipelines: ['shop'] },
    ])
  })

  it('are no part of what a segmentation means: neither its hash nor what the warehouse keeps knows of them', () => {
    const definition = resolveDefinition({ project: loadProject(folderOf()), pipelineName: 'shop', targetName: 'prod' })
    const { notify: _channels, ...silent } = definition
    expect(definitionHashOf(definition)).toBe(definitionHashOf(silent))
    expect(keptDefinition(definition)).toEqual(keptDefinition(silent))
    const plain = loadProject(writeProject())
    expect(resolveDefinition({ project: plain, pipelineName: 'shop', targetName: 'prod' })).not.toHaveProperty('notify')
  })

  it.each([
    [
      'a pipeline that there is not',
      'pipelines: [shop]',
      'pipelines: [shp]',
      'came: "shp"\n    wanted: the name of a pipeline: club, shop\n    Did you mean shop?',
    ],
    ['an address without https', '{ secret: SLACK_URL }', 'http://chat.example', 'came: an http:// address'],
    ['an address that is none', '{ secret: SLACK_URL }', 'chat.example', 'came: "chat.example"'],
    [
      'the address of a Slack webhook',
      '{ secret: SLACK_URL }',
      'https://hooks.slack.com/services/T0/B0/x',
      'came: the address of a Slack webhook, which lets anybody post',
    ],
    ['an occasion that there is not', 'failed, stale', 'failed, broken', 'came: "broken"'],
    ['a receiver who has no address', '[ada@acme.example]', '[ada]', 'notify[1].email.to[0]'],
    ['two ways at once', '{ command: [pager, --loud]', '{ command: [pager], webhook: { secret: X }', 'notify[2]'],
  ])('with %s are refused, with the place in the file', (_, from, to, said) => {
    expect(problemsOf(from, to).join('\n')).toContain(said)
  })
})
