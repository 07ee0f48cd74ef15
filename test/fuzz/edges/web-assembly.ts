/** What is used of the global `WebAssembly`, which neither the language's nor Node's types have. */
export interface WasmGlobal {
  instantiate(bytes: Uint8Array, imports?: object): Promise<{ readonly instance: WasmInstance }>;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** @throws TypeError where the runtime has no WebAssembly */
export function webAssembly(): WasmGlobal {
  const { WebAssembly } = globalThis as { WebAssembly?: WasmGlobal };
  if (WebAssembly === undefined) throw new TypeError('there is no WebAssembly');
  return WebAssembly;
}

/** The memory that an instance exports, as it is now. */
export function exportedMemory({ exports }: WasmInstance, name: string): Uint8Array {
  const { buffer } = (exports[name] ?? {}) as { readonly buffer?: ArrayBuffer };
  if (buffer === undefined) throw new TypeError(`the module exports no memory '${name}'`);
  return new Uint8Array(buffer);
}
