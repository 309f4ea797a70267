import {
  customersOf,
  rewrittenOf,
  type RewrittenFile,
  type StoredLayout,
  type StoredManifest,
} from './stored-layout.ts'

/** What a published run's manifest and a destination's have in common, as far as erasure goes. */
interface PublishedManifest {
  readonly files: readonly {
    readonly path: string
    readonly table?: string | null
    readonly bytes: number
    readonly sha256: string
    readonly rows: number | null
  }[]
  readonly tables?: Readonly<Record<string, { readonly rows: number }>>
  readonly erased?: { readonly customers: number }
}

/** Published runs and what destinations were given as files: `…/run=<run>/` with `manifest.json`. */
export const publishedLayout: StoredLayout = {
  indent: 2,
  locate(uri) {
    const groups = /^(?<folder>.+\/run=[^/]+)\/(?<path>.+)$/.exec(uri)?.groups
    return groups && { folder: groups.folder!, path: groups.path! }
  },
  uriOf: (folder, path) => `${folder}/${path}`,
  hasRows: (uri) => /\.(?:parquet|csv)$/.test(uri),
  isManifest: (path) => path === 'manifest.json',
  filesOf: (manifest) => manifestOf(manifest).files.map(({ path }) => path),
  // Published files are sorted by segment: a customer may be in any.
  mayHold: () => true,
  rename(path, sha256) {
    const mark = `without-${sha256.slice(0, 12)}`
    if (path.endsWith('.csv')) return path.replace(/(?:\.without-[0-9a-f]{12})?\.csv$/, `.${mark}.csv`)
    // The start of the result's digest stays at the end: other results of the run are told apart by it.
    return path.replace(/(?:-without-[0-9a-f]{12})?(?=-[0-9a-f]{12}\.parquet$)/, `-${mark}`)
  },
  revise(stored, rewritten) {
    const manifest = manifestOf(stored)
    const gone = rewrittenOf(this.filesOf(stored), rewritten)
    const files = manifest.files.map((file) => {
      const now = rewritten.get(file.path)
      return now ? { ...file, path: now.name, bytes: now.bytes, sha256: now.sha256, rows: now.rows } : file
    })
    const erased = { customers: (manifest.erased?.customers ?? 0) + customersOf(gone) }
    return { ...manifest, ...(manifest.tables && { tables: withoutRows(manifest, rewritten) }), files, erased }
  },
  isSpent: () => false,
}

function withoutRows(
  { tables = {}, files }: PublishedManifest,
  rewritten: ReadonlyMap<string, RewrittenFile>,
): PublishedManifest['tables'] {
  const erasedOf = (name: string): number =>
    files.reduce((sum, { path, table }) => sum + (table === name ? (rewritten.get(path)?.erasedRows ?? 0) : 0), 0)
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [name, { ...table, rows: table.rows - erasedOf(name) }]),
  )
}

function manifestOf(stored: StoredManifest): PublishedManifest {
  return stored as unknown as PublishedManifest
}
