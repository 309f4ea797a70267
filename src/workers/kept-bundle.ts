import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * What `make` makes of the source, which takes seconds; or what it made last, when nothing in the source is different.
 *
 * @param source files and folders that the bundle could depend on
 * @param keptPath holds the last bundle: one file, however often the source changes
 */
export async function keepBundle(
  source: readonly string[],
  keptPath: string,
  make: () => Promise<string>,
): Promise<string> {
  const digest = await digestOf(source)
  const kept = await readFile(keptPath, 'utf8').catch(() => '')
  if (kept.startsWith(`${digest}\n`)) return kept.slice(digest.length + 1)
  const code = await make()
  const partial = `${keptPath}.${randomUUID()}`
  try {
    await mkdir(dirname(keptPath), { recursive: true })
    await writeFile(partial, `${digest}\n${code}`)
    // Several workers may come here at once: whoever reads sees one bundle whole.
    await rename(partial, keptPath)
  } catch {
    // A folder that cannot be written to costs the next worker those seconds, and nothing else.
    await rm(partial, { force: true }).catch(() => undefined)
  }
  return code
}

async function digestOf(source: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of (await Promise.all(source.map(filesOf))).flat()) {
    const content = await readFile(path)
    hash.update(`${path}\n${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

async function filesOf(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    return files.map((entry) => join(entry.parentPath, entry.name)).sort()
  } catch {
    return [path]
  }
}
