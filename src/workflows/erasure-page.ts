import { formatCount } from '../run/figures.ts'
import type { ErasureStatus } from '../run/erasure.ts'

/** An erasure as one short Markdown page, for the Temporal UI. @param failure whole text of the failure */
export function renderErasurePage(status: ErasureStatus, failure?: string): string {
  const { requestId, customers, askedAt, dueAt, state, doing, stores, remarks } = status
  const rows = stores.map(
    ({ store, rows: count, places }) => `| ${store} | ${formatCount(count)} | ${formatCount(places)} |`,
  )
  return [
    `Request **${requestId}** · **${state}**`,
    ...(askedAt === ''
      ? []
      : [
          `${formatCount(customers)} ${customers === 1 ? 'customer' : 'customers'}, asked for on ${dayOf(askedAt)}, due on **${dayOf(dueAt)}**.`,
        ]),
    ...(doing === '' ? [] : [`${doing}.`]),
    ...(rows.length === 0 ? [] : [['| store | rows erased | tables or files |', '|:--|--:|--:|', ...rows].join('\n')]),
    ...remarks,
    ...(failure === undefined ? [] : ['### What to do next', failure.replaceAll('\n', '\n\n')]),
  ].join('\n\n')
}

function dayOf(instant: string): string {
  return instant.slice(0, 10)
}
