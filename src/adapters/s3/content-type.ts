import { extname } from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
}

/** What a file is, as S3 tells whoever opens it. */
export function contentTypeOf(uri: string): string {
  return contentTypes[extname(uri)] ?? 'application/vnd.apache.parquet'
}
