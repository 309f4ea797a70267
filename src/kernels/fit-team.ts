import { CONTROL } from './fit-layout.ts'
import type { FitLayout, ShardLayout } from './fit-layout.ts'
import { openKernel } from './kernel-module.ts'
import type { KernelExports } from './kernel-module.ts'
import type { PackedRows } from './packed-rows.ts'
import type { SharedMemory } from './web-assembly.ts'

/** What is done with all shards before the next thing begins. */
const PHASES = ['idle', 'assign', 'sum', 'weigh', 'take', 'measure', 'closed'] as const
export type Phase = (typeof PHASES)[number]

/** The ticket is the number of the phase and, in its low byte, the next shard that nobody has taken. */
const SHARD_BITS = 8
const SHARD_MASK = 255
const ALL_TURNS = 2 ** (32 - SHARD_BITS) - 1

/** Makes the control block of a fit ready. Call it before any thread is told of the fit. */
export function resetControl(memory: SharedMemory, { control, shards }: FitLayout): void {
  const words = new Int32Array(memory.buffer, control, 64)
  words.fill(0)
  words[CONTROL.ticket] = shards.length
}

/**
 * The threads of one fit. One leads: it names a phase and waits until every shard is done. Whoever is free takes the next shard, the leader
 * too, so a fit never waits for a thread that has not begun. What a phase finds stays with its shard: who computed it makes no difference.
 */
export class FitTeam {
  readonly layout: FitLayout
  readonly buffer: ArrayBufferLike
  private readonly packed: PackedRows
  private readonly kernel: KernelExports
  private readonly words: Int32Array

  constructor(packed: PackedRows, layout: FitLayout) {
    this.packed = packed
    this.layout = layout
    this.buffer = packed.memory.buffer
    this.kernel = openKernel(packed.kernel, packed.memory)
    this.words = new Int32Array(this.buffer, layout.control, 64)
  }

  /** f64 a row, or undefined when every row counts once. */
  weights(): Float64Array | undefined {
    return this.packed.weighted ? new Float64Array(this.buffer, this.layout.weights, this.packed.rowCount) : undefined
  }

  /** One row in the packed space. */
  readRow(row: number): Float32Array {
    const { dimensions } = this.packed
    const block = new Float32Array(this.buffer, this.layout.rows + (row >> 2) * dimensions * 16, dimensions * 4)
    return Float32Array.from({ length: dimensions }, (_, j) => block[j * 4 + (row & 3)]!)
  }

  /** Leader: does a phase with all shards. */
  run(phase: Phase, argument = 0): void {
    const { words } = this
    const { shards } = this.layout
    words[CONTROL.phase] = PHASES.indexOf(phase)
    words[CONTROL.argument] = argument
    Atomics.store(words, CONTROL.done, 0)
    const turn = ((Atomics.load(words, CONTROL.ticket) >>> SHARD_BITS) + 1) & ALL_TURNS
    Atomics.store(words, CONTROL.ticket, turn << SHARD_BITS)
    Atomics.notify(words, CONTROL.ticket)
    while (this.takeShard());
    for (let done = Atomics.load(words, CONTROL.done); done < shards.length; done = Atomics.load(words, CONTROL.done))
      Atomics.wait(words, CONTROL.done, done)
  }

  /** The first total of every shard, added up in order. */
  addTotals(): number {
    return this.layout.shards.reduce((sum, { totals }) => sum + new Float64Array(this.buffer, totals, 1)[0]!, 0)
  }

  /** Leader: sends the others home. */
  close(): void {
    const { words } = this
    words[CONTROL.phase] = PHASES.indexOf('closed')
    const turn = ((Atomics.load(words, CONTROL.ticket) >>> SHARD_BITS) + 1) & ALL_TURNS
    Atomics.store(words, CONTROL.ticket, (turn << SHARD_BITS) | this.layout.shards.length)
    Atomics.notify(words, CONTROL.ticket)
  }

  /** Another thread: takes shards until the leader closes. */
  help(): void {
    const { words } = this
    for (;;) {
      const ticket = Atomics.load(words, CONTROL.ticket)
      if (words[CONTROL.phase] === PHASES.indexOf('closed')) return
      if (!this.takeShard()) Atomics.wait(words, CONTROL.ticket, ticket)
    }
  }

  /** @returns false when there is nothing to take */
  private takeShard(): boolean {
    const { words } = this
    const { shards } = this.layout
    const ticket = Atomics.load(words, CONTROL.ticket)
    const number = ticket & SHARD_MASK
    if (number >= shards.length) return false
    // Read before the ticket is taken: if the ticket is still the same then, they belong to it.
    const phase = PHASES[words[CONTROL.phase]!]!
    const argument = words[CONTROL.argument]!
    if (Atomics.compareExchange(words, CONTROL.ticket, ticket, ticket + 1) !== ticket) return true
    this.compute(phase, argument, shards[number]!)
    if (Atomics.add(words, CONTROL.done, 1) + 1 === shards.length) Atomics.notify(words, CONTROL.done)
    return true
  }

  private compute(phase: Phase, argument: number, shard: ShardLayout): void {
    const { rowCount, dimensions } = this.packed
    const { rows, weights, labels, nearest, tiles, groupCount, centres } = this.layout
    const { from, to, sums, sizes, totals } = shard
    const end = Math.min(to, rowCount)
    switch (phase) {
      case 'assign': {
        const moved = this.kernel.assignRows(
          ...[rows, from, to, rowCount, dimensions, tiles, groupCount],
          // With weights the sums are taken anew by `sum`.
          ...[labels, weights === 0 ? sums : 0, sizes],
        )
        new Float64Array(this.buffer, totals, 1)[0] = moved
        return
      }
      case 'sum':
        return this.kernel.sumRows(rows, from, end, dimensions, labels, weights, sums, sizes)
      case 'weigh':
        return this.kernel.weighPoints(rows, from, to, dimensions, tiles, argument, nearest, weights, totals)
      case 'take': {
        const point = tiles + argument * dimensions * 16
        const left = this.kernel.takePoint(rows, from, to, dimensions, point, nearest, weights)
        new Float64Array(this.buffer, totals, 1)[0] = left
        return
      }
      case 'measure': {
        const total = this.kernel.measureRows(rows, from, end, dimensions, centres, labels, weights, nearest)
        new Float64Array(this.buffer, totals, 1)[0] = total
        return
      }
      case 'idle':
      case 'closed':
    }
  }
}
