import { formatCount, formatShare, groupThousands } from '../../run/figures.ts'

const CURRENCY = /^[A-Z]{3}$/

/** A figure with its unit, as people read it: `EUR 1,234`, `34 days`, `12.3 %`. */
export function valueText(value: number | null, unit: string): string {
  if (value === null) return '–'
  if (unit === 'share') return formatShare(value)
  if (CURRENCY.test(unit)) return `${unit} ${figure(value)}`
  if (unit === 'days' || unit === 'years' || unit === 'minutes') return `${figure(value)} ${unit}`
  return figure(value)
}

/** Three digits, or all before the point. */
function figure(value: number): string {
  if (Math.abs(value) >= 100) return formatCount(value)
  return groupThousands(String(Number(value.toPrecision(3))))
}

/** `distinctCategories` as `distinct categories`; what people named is left as it is. */
export function featureText(feature: string): string {
  const [name, ...level] = feature.split(/(?=:)/)
  const words = name!.replaceAll(/([a-z])([A-Z0-9])/g, '$1 $2').replaceAll('_', ' ')
  return [words.replaceAll(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase()), ...level].join('')
}

/** How strong an effect is (Cohen 1988), in a word with its direction. */
export function effectText(effect: number | null): string {
  if (effect === null) return 'not known'
  const size = Math.abs(effect)
  if (size < 0.2) return 'about the same'
  const strength = size < 0.5 ? 'somewhat' : size < 0.8 ? 'clearly' : 'far'
  return `${strength} ${effect > 0 ? 'higher' : 'lower'}`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `a`, `a and b`, `a, b and c` */
export function listText(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`
}
