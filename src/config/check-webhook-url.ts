import { quote } from './describe-value.ts'
import type { Finding, KeyPath } from './yaml-file.ts'

/**
 * An address that is written down rather than named by a secret.
 *
 * @param example of one that would do
 */
export function checkWebhookUrl(
  url: string | { readonly secret: string },
  allowHttp: boolean,
  path: KeyPath,
  example: string,
): readonly Finding[] {
  if (typeof url !== 'string') return []
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol === 'https:' || (protocol === 'http:' && allowHttp)) return []
  if (protocol === 'http:')
    return [{ path, came: 'an http:// address', wanted: 'https://, or allowHttp: true where anybody may read along' }]
  return [{ path, came: quote(url), wanted: `a URL, ${example}` }]
}
