import type { SourceReader } from '../../ports/source-reader.ts'
import type { FileReaderOptions } from './file-place.ts'
import { FileView } from './file-view.ts'
import { folderOf, locationOf } from './find-files.ts'

/** Reads CSV, JSON lines and Parquet files, of folders and of buckets. */
export function makeFileReader(options: FileReaderOptions): SourceReader {
  return {
    folders(source) {
      const location = locationOf(source)
      return location.connection === undefined ? [folderOf(location, options.projectFolder)] : []
    },
    async describe(source, sourceName) {
      const view = new FileView(options, undefined)
      try {
        return await view.describe(source, sourceName)
      } finally {
        await view.close()
      }
    },
    open: (signal) => Promise.resolve(new FileView(options, signal)),
  }
}
