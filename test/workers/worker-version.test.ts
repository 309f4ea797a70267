import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'
import { resolveVersion, wantedVersion } from '../../src/workers/worker-version.ts'

const nothing = { deployment: undefined, buildId: undefined }

describe('the version of a worker', () => {
  it('is none where nobody names a deployment', () => {
    expect(wantedVersion({}, nothing)).toBeUndefined()
    expect(wantedVersion({}, readEnvironment({ RESEGMENT_DEPLOYMENT: '', RESEGMENT_BUILD_ID: '' }))).toBeUndefined()
  })

  it('is what the command line says, and else what the environment says', () => {
    const environment = readEnvironment({ RESEGMENT_DEPLOYMENT: 'shop', RESEGMENT_BUILD_ID: '2026.10' })
    expect(wantedVersion({}, environment)).toEqual({ deployment: 'shop', buildId: '2026.10' })
    expect(wantedVersion({ buildId: '2026.11' }, environment)).toEqual({ deployment: 'shop', buildId: '2026.11' })
    // As Temporal's controller for Kubernetes names them.
    expect(wantedVersion({ deployment: 'data/shop' }, nothing)?.deployment).toBe('data/shop')
    expect(wantedVersion({ deployment: 'lab' }, nothing)).toEqual({ deployment: 'lab', buildId: undefined })
  })

  it('needs a deployment: a build id alone is a mistake, and no worker without a version', () => {
    expect(() => wantedVersion({ buildId: 'v1' }, nothing)).toThrow(/A build id is given \("v1"\), and no deployment/)
  })

  it.each([
    // What Temporal 1.29 joins names with, and what it keeps for itself.
    [{ deployment: 'shop.eu' }, /The deployment is "shop\.eu"/],
    [{ deployment: 'shop:eu' }, /The deployment is "shop:eu"/],
    [{ deployment: '__shop' }, /The deployment is "__shop"/],
    [{ deployment: '' }, /The deployment is ""/],
    [{ deployment: 'shop', buildId: 'sha256:4f' }, /The build id is "sha256:4f"/],
    [{ deployment: 'shop', buildId: 'v 1' }, /The build id is "v 1"/],
    [{ deployment: 'shop', buildId: 'v'.repeat(101) }, /Use 1 to 100/],
  ])('refuses %j with what is allowed', (options, message) => {
    expect(() => wantedVersion(options, nothing)).toThrow(message)
  })

  it('is told by the code where nobody gives a build id: another one for other workflows', async () => {
    const versionOf = (code: string) => resolveVersion({ deployment: 'shop', buildId: undefined }, '0.1.0', { code })
    // printf %s one | sha256sum
    expect(await versionOf('one')).toEqual({ deployment: 'shop', buildId: '0.1.0-7692c3ad3540' })
    expect(await versionOf('two')).not.toEqual(await versionOf('one'))
  })
})
