/** Why a customer's membership differs from the published one. */
export const moveReasons = [
  'new',
  'lost',
  'returned',
  'behaviour',
  'boundary',
  'relabel',
  'definition',
  'merged',
  'override',
  'rollback',
  'withdrawn',
] as const

export type MoveReason = (typeof moveReasons)[number]
export const lineageKinds = ['survived', 'split', 'merged', 'absorbed', 'appeared', 'disappeared', 'returned'] as const
export type LineageKind = (typeof lineageKinds)[number]

export const moveReasonTexts: Readonly<Record<MoveReason, string>> = {
  new: 'new customer',
  lost: 'no longer a customer',
  returned: 'came back',
  behaviour: 'behaved differently',
  boundary: 'a border moved',
  relabel: 'segment changed around them',
  definition: 'definition changed',
  merged: 'segments merged',
  override: 'set by a person',
  rollback: 'rolled back',
  withdrawn: 'objected, or was erased',
}
