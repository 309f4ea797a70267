import { WrongUsage } from '../errors/wrong-usage.ts'

export interface ArmShare {
  readonly name: string
  /** Above 0; all together 1. */
  readonly share: number
}

const REMEDY = 'Write names and shares that make 1 together, the control first: --arms control:0.5,offer:0.5'
const ROUNDING = 1e-9

/** Reads `control:0.5,offer:0.5`. @throws WrongUsage */
export function parseArmShares(text: string): readonly ArmShare[] {
  const arms = text.split(',').map((part): ArmShare => {
    const [name = '', share = '', ...rest] = part.split(':').map((piece) => piece.trim())
    const value = Number(share)
    if (name === '' || share === '' || rest.length > 0 || !(value > 0) || value > 1)
      throw new WrongUsage(`"${part}" is not the name of an arm with its share.`, REMEDY)
    return { name, share: value }
  })
  const total = arms.reduce((sum, { share }) => sum + share, 0)
  if (arms.length < 2) throw new WrongUsage(`${arms.length} arm is no experiment.`, REMEDY)
  if (new Set(arms.map(({ name }) => name)).size < arms.length)
    throw new WrongUsage(`"${text}" names an arm twice.`, REMEDY)
  if (Math.abs(total - 1) > ROUNDING) throw new WrongUsage(`The shares of "${text}" make ${total} together.`, REMEDY)
  return arms
}
