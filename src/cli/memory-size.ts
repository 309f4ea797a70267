import { InvalidArgumentError } from 'commander'
import { memoryBytes } from '../config/memory-size.ts'

/** Reads an option's value. @throws InvalidArgumentError, which commander turns into wrong usage */
export function memorySize(text: string): number {
  const bytes = memoryBytes(text)
  if (bytes === undefined) throw new InvalidArgumentError('A size is wanted, as 3GB, 512MiB or 1.5GiB.')
  return bytes
}
