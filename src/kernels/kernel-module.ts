import { readFileSync } from 'node:fs'
import { webAssembly } from './web-assembly.ts'
import type { CompiledModule, SharedMemory } from './web-assembly.ts'

/** What kmeans.wasm exports; addresses in bytes. See assembly/ for what they do. */
export interface KernelExports {
  assignRows(
    ...args: [
      rows: number,
      from: number,
      to: number,
      rowCount: number,
      dimensions: number,
      tiles: number,
      groupCount: number,
      labels: number,
      sums: number,
      sizes: number,
    ]
  ): number
  sumRows(
    ...args: [
      rows: number,
      from: number,
      to: number,
      dimensions: number,
      labels: number,
      weights: number,
      sums: number,
      sizes: number,
    ]
  ): void
  weighPoints(
    ...args: [
      rows: number,
      from: number,
      to: number,
      dimensions: number,
      points: number,
      pointCount: number,
      nearest: number,
      weights: number,
      totals: number,
    ]
  ): void
  takePoint(
    ...args: [
      rows: number,
      from: number,
      to: number,
      dimensions: number,
      point: number,
      nearest: number,
      weights: number,
    ]
  ): number
  measureRows(
    ...args: [
      rows: number,
      from: number,
      to: number,
      dimensions: number,
      centres: number,
      labels: number,
      weights: number,
      distances: number,
    ]
  ): number
  surveyRows(
    ...args: [rows: number, rowCount: number, dimensions: number, sums: number, lowest: number, highest: number]
  ): void
  packRows(
    ...args: [
      rows: number,
      blockCount: number,
      dimensions: number,
      origin: number,
      scale: number,
      rounder: number,
      packed: number,
    ]
  ): number
  findNearest(
    ...args: [
      rows: number,
      blockCount: number,
      dimensions: number,
      groups: number,
      groupCount: number,
      columns: number,
      labels: number,
      squares: number,
      nextLabels: number,
      nextSquares: number,
    ]
  ): void
  sumByLabel(
    ...args: [
      rows: number,
      rowCount: number,
      dimensions: number,
      labels: number,
      weights: number,
      sums: number,
      sizes: number,
    ]
  ): void
}

/** The compiled kernel, or undefined where WebAssembly has no SIMD or no shared memory. */
export function compileKernel(): CompiledModule | undefined {
  const bytes = readFileSync(new URL('./assembly/kmeans.wasm', import.meta.url))
  return webAssembly.validate(bytes) ? new webAssembly.Module(bytes) : undefined
}

export function openKernel(kernel: CompiledModule, memory: SharedMemory): KernelExports {
  return new webAssembly.Instance(kernel, { env: { memory } }).exports as KernelExports
}
