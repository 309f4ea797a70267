import { readFileSync } from 'node:fs'
import { WrongUsage } from '../errors/wrong-usage.ts'

/**
 * Ids as a command was given them: one, or a file with one a line. No message repeats any of them.
 *
 * @throws WrongUsage
 */
export function readCustomerIds(customer: string | undefined, file: string | undefined): readonly string[] {
  if ((customer === undefined) === (file === undefined))
    throw new WrongUsage('It takes one customer, or --file with one a line.', 'Name either of them.')
  const ids = (customer === undefined ? readLines(file!) : [customer]).map((id) => id.trim()).filter((id) => id !== '')
  if (ids.length === 0)
    throw new WrongUsage(
      `There is no id of a customer ${file === undefined ? 'in what was given' : `in ${file}`}.`,
      'Write one id a line, as it is in customer_segments.customer_id, without a heading.',
    )
  return [...new Set(ids)]
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
  } catch (error) {
    throw new WrongUsage(
      `File ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Name a file with one id a line.',
    )
  }
}
