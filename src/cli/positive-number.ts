import { InvalidArgumentError } from 'commander'

/** Reads an option's value: a number above 0. @throws InvalidArgumentError, which commander turns into wrong usage */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('A number above 0 is wanted.')
  return value
}

/** A share above 0 and below 1. @throws InvalidArgumentError */
export function properShare(text: string): number {
  const value = positiveNumber(text)
  if (value >= 1) throw new InvalidArgumentError('A share above 0 and below 1 is wanted.')
  return value
}
