/** Who reset a run is in no history of Temporal (the server signs for itself), but the reason is: so that begins with who gives it. */
export function signReason(by: string, reason: string): string {
  return `[${by}] ${reason}`
}

/** @returns `by` undefined for a reason that is not signed, as most from the UI are not */
export function readSigned(text: string): { readonly by: string | undefined; readonly reason: string } {
  const match = /^\[(?<by>[^\]]+)\]\s*(?<reason>.*)$/s.exec(text)
  return { by: match?.groups?.['by'], reason: match?.groups?.['reason'] ?? text }
}
