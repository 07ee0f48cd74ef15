import { BASED, DRIFTING } from '../references/region.ts';
import type { ElfSection } from './read-elf.ts';
import type { RegionPlan } from './region-plan.ts';

/** Go 1.20 and later; what lies before has other fields. `runtime/symtab.go`, type pcHeader. */
const MAGIC = 0xfffffff1;
const HEADER = 72;
/** In words of 8 bytes from the start: functions, start of the code, offsets of the compilation units, of the files and of the functions. */
const FUNCTIONS = 1;
const TEXT = 3;
const UNITS = 5;
const FILES = 6;
const TABLE = 8;

export interface GoTable {
  /** The whole program. */
  readonly bytes: Uint8Array;
  readonly section: ElfSection;
  /** Address of the code: since Go 1.25 the header leaves it to the linker. */
  readonly code: number;
}

/** The parts of a Go program's table of functions (`.gopclntab`) that hold references; none where it is not as expected. */
export function goRegions(source: GoTable, target: GoTable): RegionPlan[] {
  const { section } = source;
  const old = headerOf(source);
  const now = headerOf(target);
  if (old === undefined || now === undefined) return [];
  const units = old(UNITS);
  const table = old(TABLE);
  const entries = 8 * old(FUNCTIONS);
  if (!(HEADER <= units && units <= old(FILES) && old(FILES) <= table && table + entries <= section.size))
    return [];
  const bases = { sourceBase: (old(TEXT) || source.code) | 0, targetBase: (now(TEXT) || target.code) | 0 };
  const part = (start: number, end: number) => ({ start: section.offset + start, length: end - start });
  return [
    { ...part(units, old(FILES)), columns: [DRIFTING], sourceBase: 0, targetBase: 0 },
    { ...part(table, table + entries), columns: [BASED, DRIFTING], ...bases },
    { ...part(table + entries, section.size), columns: [BASED], ...bases },
  ];
}

function headerOf({ bytes, section: { offset, size } }: GoTable): ((word: number) => number) | undefined {
  if (size < HEADER) return undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + offset, HEADER);
  if (view.readUInt32LE(0) !== MAGIC) return undefined;
  return (word) => Number(view.readBigUInt64LE(8 * word));
}
