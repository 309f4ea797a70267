import { readFile } from 'node:fs/promises'
import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import { type ComparisonPages, pageRoles } from '../run/comparison-pages.ts'

/**
 * The page of a comparison, in both forms.
 *
 * @param address one of its addresses
 * @throws ArtifactMissing, ConnectionFailed
 */
export async function readComparison(
  services: Pick<Services, 'store'>,
  definition: Definition,
  { html: address }: ComparisonPages,
): Promise<{ readonly html: string; readonly markdown: string }> {
  const store = services.store(definition)
  const uri = address.slice(0, address.lastIndexOf('/'))
  const manifest = await store.readManifest(uri, 'manifest')
  const read = async (role: string): Promise<string> => {
    const file = manifest?.files.find((one) => one.role === role)
    if (file) return readFile(await store.fetchFile(uri, file), 'utf8')
    throw new ArtifactMissing(
      `The comparison is not in the artifact store any more (${uri}).`,
      'Of a published run see view run_comparisons; another run can be made anew with its next revision.',
    )
  }
  return { html: await read(pageRoles.html), markdown: await read(pageRoles.markdown) }
}
