import type { SweptKind } from '../run/sweep-plan.ts'
import { formatCount } from '../run/figures.ts'
import { textTable } from './text-table.ts'

export interface SweptStores {
  readonly pipeline: string
  readonly dryRun: boolean
  readonly files: number
  readonly bytes: number
  readonly items: readonly {
    readonly kind: SweptKind
    readonly run: string
    readonly files: number
    readonly bytes: number
  }[]
  readonly otherItems: number
  readonly effects: number
}

const MIB = 2 ** 20
const texts: Readonly<Record<SweptKind, string>> = {
  unpublished: 'files of a run that never came out',
  candidate: 'artifacts of a run that was not published',
  'dry-run': 'artifacts of a dry run',
  rejects: 'rejected rows',
  upload: 'an upload that nobody finished',
}

/** What was removed, or would be. */
export function sweptStores({
  pipeline,
  dryRun,
  files,
  bytes,
  items,
  otherItems,
  effects,
}: SweptStores): readonly string[] {
  const forgotten =
    effects === 0
      ? []
      : [
          `${pipeline}: ${formatCount(effects)} lines of what destinations were told ${dryRun ? 'would be' : 'are'} forgotten.`,
        ]
  if (files === 0) return effects === 0 ? [`${pipeline}: nothing to remove.`] : forgotten
  const lines = items.map((item) => [
    item.run,
    texts[item.kind],
    formatCount(item.files),
    (item.bytes / MIB).toFixed(1),
  ])
  return [
    `${pipeline}: ${formatCount(files)} files (${(bytes / MIB).toFixed(1)} MiB) ${dryRun ? 'would be' : 'are'} removed.`,
    ...textTable(
      [{ title: 'Run' }, { title: 'What' }, { title: 'Files', align: 'right' }, { title: 'MiB', align: 'right' }],
      lines,
    ),
    ...forgotten,
    ...(otherItems > 0 ? [`and ${formatCount(otherItems)} more`] : []),
  ]
}
