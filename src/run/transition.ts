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
] as const

export type MoveReason = (typeof moveReasons)[number]
export const lineageKinds = ['survived', 'split', 'merged', 'absorbed', 'appeared', 'disappeared', 'returned'] as const
export type LineageKind = (typeof lineageKinds)[number]
