const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
}

/** Bytes of `512MB` or `1.5 GiB`, as the engine reads them; undefined for anything else. */
export function memoryBytes(text: string): number | undefined {
  const match = /^(?<count>\d+(?:\.\d+)?) *(?<unit>[kmgt]?i?b)$/i.exec(text.trim())
  const unit = UNITS[match?.groups?.['unit']?.toLowerCase() ?? '']
  const bytes = Math.floor(Number(match?.groups?.['count']) * (unit ?? NaN))
  return bytes > 0 ? bytes : undefined
}
