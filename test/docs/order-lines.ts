const DAY_MS = 86_400_000
const FIRST_DAY = Date.UTC(2025, 0, 6)
const END = Date.UTC(2026, 9, 1)
/** Customers who buy every so many days, for so much, and stop after so many days. */
const HABITS = [
  { everyDays: 14, euros: 20, days: 1_000 },
  { everyDays: 45, euros: 180, days: 1_000 },
  { everyDays: 30, euros: 35, days: 150 },
]
const GOODS = ['Schuhe', 'Hemden', 'Hosen']

/** Order lines in the form of the data team's guide, with dirt: a date nobody can read, a line twice, one without customer. */
export function writeOrderLines(customers: number): string {
  const lines = Array.from({ length: customers }, (_, customer) => linesOf(customer)).flat()
  return [
    ...lines,
    lines[0]!,
    'B900000;1000;gestern;Schuhe;1;5,00',
    'B900001;;02.03.2025 09:15;Schuhe;1;5,00',
    '',
  ].join('\n')
}

/** One row a customer, by what they buy. */
export function writeSegmentsOfToday(customers: number): string {
  const names = ['Regulars', 'Big baskets', 'Gone']
  const rows = Array.from(
    { length: customers },
    (_, customer) => `${1000 + customer},${names[customer % names.length]}`,
  )
  return ['customer_id,segment', ...rows, ''].join('\n')
}

function linesOf(customer: number): string[] {
  const { everyDays, euros, days } = HABITS[customer % HABITS.length]!
  const first = FIRST_DAY + (customer % 60) * DAY_MS
  const lines: string[] = []
  for (let at = first; at < Math.min(END, first + days * DAY_MS); at += (everyDays + (customer % 5)) * DAY_MS) {
    const order = `B${customer}x${lines.length}`
    const cents = euros * 100 + ((customer * 37 + lines.length * 91) % (euros * 20))
    const good = GOODS[(customer + lines.length) % GOODS.length]!
    lines.push(`${order};${1000 + customer};${writtenDate(at)};${good};1;${(cents / 100).toFixed(2).replace('.', ',')}`)
  }
  return lines
}

/** `02.03.2025 09:15` */
function writtenDate(instant: number): string {
  const [year, month, day] = new Date(instant).toISOString().slice(0, 10).split('-')
  return `${day}.${month}.${year} 09:15`
}
