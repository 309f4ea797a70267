import { describe, expect, it } from 'vitest'
import { artifactFileUri, locateArtifactFile, rejectsPrefix } from '../../src/run/artifact-files.ts'

const ARTIFACT = 's3://lake/prod/shop/shop@2026-10-01~1/cleanse-0123456789abcdef'
const APART = 's3://lake/prod/rejects/shop/shop@2026-10-01~1/cleanse-0123456789abcdef'
const HASH = '0a1b2c0a1b2c'

describe('files of an artifact', () => {
  it.each([
    ['rejects', `rejects-3-${HASH}.parquet`],
    ['rejects of a role', `rejects_customers-0-${HASH}.parquet`],
    ['records that nobody could read', `unreadable-${HASH}.parquet`],
    ['those of a role', `customers_unreadable-0-${HASH}.parquet`],
  ])('lie apart when they are %s', (_, name) => {
    expect(artifactFileUri(ARTIFACT, name)).toBe(`${APART}/${name}`)
  })

  it.each([`rows-0-${HASH}.parquet`, `profile-${HASH}.json`, 'manifest.json', `rows_rejecting-0-${HASH}.parquet`])(
    'lie in its folder otherwise: %s',
    (name) => {
      expect(artifactFileUri(ARTIFACT, name)).toBe(`${ARTIFACT}/${name}`)
    },
  )

  it('are found again by their address, wherever they lie, also below a prefix or of a pipeline called rejects', () => {
    for (const artifact of [ARTIFACT, ARTIFACT.replace('prod', 'rejects'), ARTIFACT.replace('/shop/', '/rejects/')])
      for (const path of ['manifest.json', `rows-0-${HASH}.parquet`, `rejects-0-${HASH}.parquet`])
        expect(locateArtifactFile(artifactFileUri(artifact, path))).toEqual({ folder: artifact, path })
  })

  it('lie below a prefix that a rule of the store can name', () => {
    expect(`${APART}/x`.startsWith(`s3://lake/${rejectsPrefix('prod/', 'shop')}`)).toBe(true)
  })
})
