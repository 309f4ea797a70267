import type { Notice } from '../../run/notice.ts'
import { subjectOf } from './told-pipeline.ts'

/** What somebody sends who tries a channel. @param key another one each time, so that receivers take it */
export function testNotice(
  project: { targetName: string; contact: string; runbook: string; by: string },
  key: string,
): Notice {
  const { targetName, contact, runbook, by } = project
  return {
    kind: 'test',
    key: `test/${key}`,
    pipeline: '',
    target: targetName,
    run: null,
    subject: subjectOf(targetName, 'resegment can reach you here'),
    sentences: [`${by} tries the channels of notify. Nothing has happened, and nothing is to be done.`],
    steps: [],
    links: [],
    contact,
    runbook,
  }
}
