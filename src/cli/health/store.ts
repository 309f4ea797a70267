import type { Environment } from '../../config/environment.ts'
import type { Definition } from '../../plan/definition.ts'
import type { HealthCheck } from '../../report/health-report.ts'
import { probeClock, probeStore, tryBuckets, type ProbedBucket } from '../../wiring/probes.ts'
import { clockCheck } from './clock.ts'
import { look, ok, problem, warning } from './look.ts'

const CLOCK_OUTSIDE = 'https://s3.amazonaws.com'

export async function lookAtStore(environment: Environment, definition: Definition): Promise<readonly HealthCheck[]> {
  const parts = [
    look('artifact store', async () => [
      ok('artifact store', `${await probeStore(environment, definition)} can be read`),
    ]),
    look('buckets', async (signal) => (await tryBuckets(environment, definition, signal)).flatMap(bucketChecks)),
    look('clock of S3', async () => [clockCheck(await probeClock(environment.s3Endpoint ?? CLOCK_OUTSIDE), 'S3')], {
      outcome: 'warning',
    }),
  ]
  return (await Promise.all(parts)).flat()
}

function bucketChecks({ uri, traits }: ProbedBucket): readonly HealthCheck[] {
  const { refusesSecond, refusesStale, checksChecksums, keepsVersions, lock } = traits
  return [
    refusesSecond && refusesStale
      ? ok('bucket writes', `${uri} honours conditional writes`)
      : problem(
          'bucket writes',
          `${uri} writes over an object that a condition protects (${refusesSecond ? 'If-Match' : 'If-None-Match'} is ignored): two attempts could both publish`,
          'Use a server that honours conditional writes, or upgrade this one.',
        ),
    checksChecksums
      ? ok('bucket checksums', `${uri} refuses damaged bytes`)
      : warning(
          'bucket checksums',
          `${uri} takes bytes that are not those of their checksum`,
          'Manifests still tell damaged files; use a server that verifies x-amz-checksum-sha256.',
        ),
    lockCheck(uri, lock, keepsVersions),
  ]
}

/** What `forget` can do there. */
function lockCheck(uri: string, lock: ProbedBucket['traits']['lock'], keepsVersions: boolean | null): HealthCheck {
  const name = 'bucket erasure'
  if (typeof lock === 'string')
    return problem(
      name,
      `${uri} locks every object (${lock}): rows of customers who are to be forgotten stay until then`,
      'Publish to a bucket without a default retention, or agree on the delay with whoever answers for erasure.',
    )
  if (lock)
    return warning(
      name,
      `${uri} has Object Lock, without a default: an object that somebody locks cannot be erased`,
      'Set no retention on objects under the prefix of the target.',
    )
  if (keepsVersions)
    return warning(
      name,
      `${uri} keeps versions: erased rows stay in old ones unless these are removed, too`,
      'Allow workers s3:ListBucketVersions and s3:DeleteObjectVersion.',
    )
  return ok(
    name,
    `${uri} keeps ${keepsVersions === null ? 'no versions that it tells of' : 'no old versions'}, and locks nothing`,
  )
}
