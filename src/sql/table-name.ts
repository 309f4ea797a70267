/** `sales.order_lines` as its parts; quoted parts may hold dots. Undefined: it is no name of a table. */
export function tableNameParts(table: string): readonly string[] | undefined {
  if (!/^(?:"(?:[^"]|"")+"|[^."]+)(?:\.(?:"(?:[^"]|"")+"|[^."]+))?$/.test(table)) return undefined
  return [...table.matchAll(/"((?:[^"]|"")+)"|([^."]+)/g)].map((match) => match[1]?.replaceAll('""', '"') ?? match[2]!)
}
