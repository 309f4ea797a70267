import { formatInstant } from '../../run/figures.ts'
import type { Notice } from '../../run/notice.ts'
import type { Trouble, TroubleKind } from '../../run/trouble.ts'
import { ofPipeline, subjectOf, type ToldPipeline } from './told-pipeline.ts'

const headlines: Readonly<Record<TroubleKind, string>> = {
  retrying: 'goes on failing',
  unserved: 'is served by no worker',
  missed: 'did not run',
  stale: 'is out of date',
}

/** What people are told when a trouble begins, and when it is over. */
export function describeTrouble(definition: ToldPipeline, trouble: Trouble, state: 'begins' | 'over'): Notice {
  const { kind, about, since, run, what, remedy, command } = trouble
  const isOver = state === 'over'
  const told = ofPipeline(definition)
  return {
    kind: isOver ? 'resolved' : kind,
    key: `${told.pipeline}/${about}/${kind}/${since}${isOver ? '-over' : ''}`,
    ...told,
    run,
    subject: subjectOf(definition.targetName, `${isOver ? 'over: ' : ''}${about} ${headlines[kind]}`),
    sentences: isOver
      ? [`It began ${formatInstant(since)}. Nothing is to be done any more.`]
      : [what, `Since ${formatInstant(since)}.`, remedy],
    steps: !isOver && command !== undefined ? [{ text: 'Have a look:', command }] : [],
    links: [],
  }
}
