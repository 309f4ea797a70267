import { plainName } from './column-names.ts'

/** Name of a feature after a column or a question: `monthly_charges` gives `monthlyCharges`. */
export function featureName(text: string, taken: Set<string>): string {
  const words = plainName(text.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
    .split('_')
    .map((word) => word.replaceAll(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '')
    .slice(0, 5)
  const joined = words.map((word, at) => (at === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('')
  const name = (/^[a-z]/.test(joined) ? joined : `q${joined}`).slice(0, 50)
  let free = name
  for (let at = 2; taken.has(free.toLowerCase()); at++) free = `${name}${at}`
  taken.add(free.toLowerCase())
  return free
}
