/** Memory that threads share. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer
  /** @returns how many pages of 64 KiB it had before */
  grow(pages: number): number
}

/** A compiled module; may be sent to another thread, which then need not compile it. */
export interface CompiledModule {
  readonly [Symbol.toStringTag]: string
}

interface WebAssemblyGlobal {
  validate(bytes: Uint8Array): boolean
  readonly Module: new (bytes: Uint8Array) => CompiledModule
  readonly Instance: new (
    module: CompiledModule,
    imports: { readonly env: { readonly memory: SharedMemory } },
  ) => {
    readonly exports: unknown
  }
  readonly Memory: new (size: {
    readonly initial: number
    readonly maximum: number
    readonly shared: true
  }) => SharedMemory
}

/** The global, as far as it is used here: TypeScript declares it only for browsers. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyGlobal }).WebAssembly
