import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { EdgeMap } from './edge-map.ts';
import { GLOBAL, instrument } from './instrument.ts';
import { instrumentWasm } from './instrument-wasm.ts';
import { MemoryMeter } from './memory-meter.ts';
import { exportedMemory, type WasmInstance, webAssembly } from './web-assembly.ts';

/** What the sources of the decoders and parsers lie in. */
const FUZZED = ['shared', 'manifests', 'client', 'server'].map(
  (name) => new URL(`../../../${name}/src/`, import.meta.url).href,
);

export interface Coverage {
  readonly edges: EdgeMap;
  readonly memory: MemoryMeter;
}

/** Has what this thread loads from now on count its branches: TypeScript of the packages, and all WebAssembly. */
export function installCoverage(): Coverage {
  const edges = new EdgeMap();
  const memory = new MemoryMeter();
  memory.watchBuffer();
  Object.assign(globalThis, { [GLOBAL]: { edges: edges.counters, allocated: memory.allocated } });
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const isFuzzed = FUZZED.some((folder) => url.startsWith(folder));
      if (!isFuzzed || !url.endsWith('.ts') || loaded.source == null) return loaded;
      const plain = stripTypeScriptTypes(Buffer.from(loaded.source as Uint8Array).toString());
      const { text, edges: count } = instrument(plain, edges.next);
      edges.add(count);
      return { format: 'module', shortCircuit: true, source: `${text}\n//# sourceURL=${fileURLToPath(url)}` };
    },
  });
  installWasmCoverage(edges);
  return { edges, memory };
}

/** WebAssembly modules that were loaded, for a target that resets their memory. */
export const wasmInstances: WasmInstance[] = [];

function installWasmCoverage(edges: EdgeMap): void {
  const wasm = webAssembly();
  const { instantiate } = wasm;
  wasm.instantiate = async (bytes, imports) => {
    const { module, counters } = instrumentWasm(bytes);
    const loaded = await instantiate(module, imports);
    edges.addRegion(exportedMemory(loaded.instance, counters.name).subarray(0, counters.count));
    wasmInstances.push(loaded.instance);
    return loaded;
  };
}
