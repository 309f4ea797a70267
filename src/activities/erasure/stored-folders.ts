import type { ErasablePlace, StoredDocument } from '../../ports/erasable-place.ts'
import type { StoredObject } from '../../run/sweep-plan.ts'
import type { StoredLayout, StoredManifest } from './stored-layout.ts'

/** Files that count together, and the documents that say so. */
export interface StoredFolder {
  readonly uri: string
  /** Files with rows, by their path below the folder. */
  readonly files: ReadonlyMap<string, StoredObject>
  /** Paths of the documents that name them. */
  readonly manifests: readonly string[]
  /** Paths of files that nobody reads any more. */
  readonly spent: readonly string[]
}

/** Sorts what a place holds into folders; the order is that of their addresses. */
export function sortFolders(objects: readonly StoredObject[], layout: StoredLayout): readonly StoredFolder[] {
  const located = objects.flatMap((object) => {
    const place = layout.locate(object.uri)
    return place ? [{ ...place, object }] : []
  })
  const byFolder = Map.groupBy(located, ({ folder }) => folder)
  const folders = [...byFolder].map(([uri, ofFolder]): StoredFolder => {
    const paths = ofFolder.map(({ path, object }) => [path, object] as const)
    return {
      uri,
      files: new Map(paths.filter(([path]) => layout.hasRows(path))),
      manifests: paths.map(([path]) => path).filter((path) => layout.isManifest(path)),
      spent: paths.map(([path]) => path).filter((path) => layout.isSpent(path)),
    }
  })
  return folders.sort((a, b) => (a.uri < b.uri ? -1 : 1))
}

export interface OpenManifest extends StoredDocument {
  readonly uri: string
  readonly manifest: StoredManifest
}

/** The manifests of a folder as they are now. */
export async function readManifests(place: ErasablePlace, folder: StoredFolder): Promise<readonly OpenManifest[]> {
  const found = await Promise.all(
    folder.manifests.map(async (path) => {
      const uri = `${folder.uri}/${path}`
      const document = await place.readDocument(uri)
      return document ? [{ ...document, uri, manifest: JSON.parse(document.text) as StoredManifest }] : []
    }),
  )
  return found.flat()
}
