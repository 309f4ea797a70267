import { InvalidArgumentError } from 'commander'

/** Reads an option's value. @throws InvalidArgumentError, which commander turns into wrong usage */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A whole number of at least 1 is wanted.')
  return Number(text)
}
