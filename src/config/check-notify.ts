import type { Project } from '../plan/project.ts'
import { checkWebhookUrl } from './check-webhook-url.ts'
import { listNames, quote, suggestName } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** Addresses and pipelines that channels name. */
export function checkNotify({ notify }: Project, pipelineNames: readonly string[]): readonly Finding[] {
  return notify.flatMap((channel, index) => {
    const path = ['notify', index]
    return [
      ...('webhook' in channel
        ? checkWebhookUrl(
            channel.webhook,
            channel.allowHttp,
            [...path, 'webhook'],
            'https://chat.example/hooks, or { secret: SLACK_URL }',
          )
        : []),
      ...(channel.pipelines ?? []).flatMap((name, position) =>
        pipelineNames.includes(name)
          ? []
          : [
              {
                path: [...path, 'pipelines', position],
                came: quote(name),
                wanted: listNames('a pipeline', pipelineNames),
                hint: suggestName(name, pipelineNames),
              },
            ],
      ),
    ]
  })
}
