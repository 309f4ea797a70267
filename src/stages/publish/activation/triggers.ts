import { TRIGGER, type DestinationConfig } from './config.ts'

/** What a destination wants to hear of. */
export interface Trigger {
  readonly event: 'entered' | 'left' | 'moved'
  /** Key or given name of a segment; null: any. */
  readonly segment: string | null
}

/** `entered shop-3` → entered, of shop-3. @param text as the config lets it through */
export function parseTrigger(text: string): Trigger {
  const [, event, segment = null] = TRIGGER.exec(text)!
  return { event: event as Trigger['event'], segment }
}

/** Of which events and which segments a destination hears; null: of all. */
export interface Interest {
  readonly triggers: readonly Trigger[] | null
  readonly segments: readonly string[] | null
}

export function interestOf(config: DestinationConfig): Interest {
  return config.kind === 'webhook'
    ? { triggers: config.on?.map(parseTrigger) ?? null, segments: null }
    : { triggers: null, segments: config.segments ?? null }
}

/** Segments that a destination names, each with where it does. */
export function namedSegments(
  config: DestinationConfig,
): readonly { readonly path: readonly [string, number]; readonly segment: string }[] {
  if (config.kind === 'webhook')
    return (config.on ?? []).flatMap((text, index) => {
      const { segment } = parseTrigger(text)
      return segment === null ? [] : [{ path: ['on', index] as const, segment }]
    })
  return (config.segments ?? []).map((segment, index) => ({ path: ['segments', index] as const, segment }))
}
