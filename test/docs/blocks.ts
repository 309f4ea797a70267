/** A fenced block of a document. */
export interface Block {
  /** Empty: none was given. */
  readonly language: string
  readonly text: string
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\S*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }))
}
