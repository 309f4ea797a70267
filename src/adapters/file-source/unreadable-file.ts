import { quoteText } from '../../sql/sql-text.ts'
import { appendFile } from 'node:fs/promises'
import type { UnreadableRecord, UnreadableRecords } from '../../ports/source-reader.ts'

/** Characters of a record that are kept. */
const EXCERPT_LENGTH = 200
/** The most bytes that one character takes in UTF-8. */
const BYTES_A_CHARACTER = 4

/** The start of a record for people: what is no text is shown by a sign for it. */
export function excerptOf(record: Buffer): string {
  const start = record.subarray(0, EXCERPT_LENGTH * BYTES_A_CHARACTER).toString()
  return [...start].slice(0, EXCERPT_LENGTH).join('').replaceAll('\0', '␀')
}

/** Keeps unreadable records in a file for the engine. */
export class UnreadableFile {
  private readonly path: string
  private lines: string[] = []
  count = 0

  constructor(path: string) {
    this.path = path
  }

  add({ file, line, problem, text }: UnreadableRecord): void {
    this.lines.push(
      [file, String(line), problem, text].map((value) => `"${value.replaceAll('"', '""')}"`).join(',') + '\n',
    )
    this.count++
  }

  /** Writes what was added; called between pieces of the source, so that memory does not grow with their number. */
  async flush(): Promise<void> {
    if (this.lines.length === 0) return
    const { lines } = this
    this.lines = []
    await appendFile(this.path, lines.join(''))
  }

  opened(): UnreadableRecords {
    if (this.count === 0) return { count: 0, relation: null }
    const columns = "{'file': 'VARCHAR', 'line': 'BIGINT', 'problem': 'VARCHAR', 'text': 'VARCHAR'}"
    const path = quoteText(this.path)
    const relation = `read_csv(${path}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = ${columns})`
    return { count: this.count, relation }
  }
}
