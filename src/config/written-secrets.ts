import type { Finding, KeyPath } from './yaml-file.ts'

const secretPatterns: readonly { readonly looks: RegExp; readonly came: string }[] = [
  { looks: /:\/\/[^\s:/@]*:[^\s@]+@/, came: 'a URL with a password in it' },
  { looks: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, came: 'an AWS access key' },
  { looks: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, came: 'a private key' },
  { looks: /\bhooks\.slack\.com\/\w+\/\w/, came: 'the address of a Slack webhook, which lets anybody post' },
  { looks: /\bpassword\s*=\s*\S/i, came: 'a connection string with a password in it' },
]
const WANTED =
  'the name of a secret, { secret: WAREHOUSE_URL }: the value is set as an environment variable or mounted as a file'

/** Keys by which AWS credentials are known: whatever stands there, it does not belong into a file. */
const AWS_KEY = /^(?:aws_?)?(?:access_?key(?:_?id)?|secret_?access_?key|session_?token)$/i
const AWS_WANTED =
  "no keys here: workers get them from the AWS SDK's own chain (environment, profile, role of the machine or the pod)"

/** Secrets that someone wrote into the file. The value itself is never repeated. */
export function findWrittenSecrets(value: unknown, path: KeyPath = []): readonly Finding[] {
  if (typeof value === 'string') {
    const found = secretPatterns.find(({ looks }) => looks.test(value))
    return found ? [{ path, came: found.came, wanted: WANTED }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, Array.isArray(value) ? Number(key) : key]
    if (AWS_KEY.test(key) && typeof inner === 'string')
      return [{ path: place, came: 'an AWS credential', wanted: AWS_WANTED }]
    return findWrittenSecrets(inner, place)
  })
}
