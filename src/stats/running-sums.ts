/**
 * Running sums with Neumaier's compensation (1974): the error of each is a few units in the last place of the sum, however many numbers
 * there are. They depend on the order of the numbers, which the caller fixes.
 *
 * @param numbers shape (n)
 * @returns shape (n): the sum of the first 1, 2, … n
 */
export function runningSums(numbers: Float64Array): Float64Array {
  let sum = 0
  let lost = 0
  const sums = new Float64Array(numbers.length)
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!
    const next = sum + number
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
    sum = next
    sums[i] = sum + lost
  }
  return sums
}
