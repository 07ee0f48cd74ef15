import { encodeUnsigned, WasmReader } from './wasm-reader.ts';

/** A module that counts which of its branches run, in a memory of its own that it exports. */
export interface InstrumentedWasm {
  readonly module: Uint8Array<ArrayBuffer>;
  /** One byte a branch, from 0 on, in the exported memory of this name. */
  readonly counters: { readonly name: string; readonly count: number };
}

const NAME = '__edges';
const SECTION = { memory: 5, export: 7, code: 10 } as const;
const MEMORY_KIND = 2;
const PAGE = 65_536;
const OPCODE = { loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, brIf: 0x0d } as const;
const COUNTED: ReadonlySet<number> = new Set(Object.values(OPCODE));

/**
 * The same module, which counts the entries of functions, `if`, `else` and `loop`, what goes on after a `br_if`, and what comes
 * to the end of a block. The module has one memory; it sees nothing of the second one (WebAssembly 3.0, multiple memories).
 */
export function instrumentWasm(bytes: Uint8Array): InstrumentedWasm {
  const reader = new WasmReader(bytes);
  const out: number[][] = [[...reader.bytes(8)]];
  let count = 0;
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const section = reader.nested();
    let content: number[];
    if (id === SECTION.memory) content = appendItem(section, [0, 1]);
    else if (id === SECTION.export) content = appendItem(section, exportOfCounters());
    else if (id === SECTION.code) ({ content, count } = instrumentCode(section));
    else content = [...section.rest()];
    out.push([id], encodeUnsigned(content.length), content);
  }
  if (count > PAGE) throw new RangeError(`${count} branches are more than one page counts`);
  return { module: Uint8Array.from(out.flat()), counters: { name: NAME, count } };
}

/** A vector with one more item. Memory: no maximum, one page. */
function appendItem(section: WasmReader, item: readonly number[]): number[] {
  return [...encodeUnsigned(section.unsigned() + 1), ...section.rest(), ...item];
}

function exportOfCounters(): number[] {
  const name = [...Buffer.from(NAME, 'latin1')];
  return [...encodeUnsigned(name.length), ...name, MEMORY_KIND, 1];
}

function instrumentCode(section: WasmReader): { content: number[]; count: number } {
  const functions = section.unsigned();
  const content = encodeUnsigned(functions);
  let count = 0;
  for (let index = 0; index < functions; index += 1) {
    const body = section.nested();
    const code = [...body.locals(), ...increment(count)];
    count += 1;
    while (!body.isAtEnd) {
      const instruction = body.instruction();
      code.push(...instruction);
      if (body.isAtEnd || !COUNTED.has(instruction[0] ?? 0)) continue;
      code.push(...increment(count));
      count += 1;
    }
    content.push(...encodeUnsigned(code.length), ...code);
  }
  return { content, count };
}

/** `counters[edge] += 1`: leaves the stack as it is, so it may stand anywhere. 0x40: the memory has an index. */
function increment(edge: number): number[] {
  const memory = [0x40, 1, ...encodeUnsigned(edge)];
  const [constant, load, add, store] = [0x41, 0x2d, 0x6a, 0x3a];
  return [constant, 0, constant, 0, load, ...memory, constant, 1, add, store, ...memory];
}
