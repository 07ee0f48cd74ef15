import {
  type HeaderTable,
  isElf64,
  loadSegment,
  machineOf,
  number64,
  PROGRAM_HEADER_SIZE,
  programHeaders,
  viewOf,
} from '../../../elf-header.ts';
import type { Segment } from '../references/address-space.ts';

export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** What is read of a 64-bit little-endian ELF file. */
export interface Elf {
  readonly machine: number;
  readonly segments: readonly (Segment & { readonly executable: boolean })[];
  /** By offset; those with bytes in the file. */
  readonly sections: readonly ElfSection[];
}

export const SHT_RELA = 4;
export const SHF_ALLOC = 2;
export const SHF_EXECINSTR = 4;
const SHT_NULL = 0;
const SHT_NOBITS = 8;
const SECTION_HEADER_SIZE = 64;
const NAME_MAX = 64;
const WORD = 2 ** 32;

/** The segments and sections of `bytes`, or undefined where it is no such file. What lies about itself is left out, not refused. */
export function readElf(bytes: Uint8Array): Elf | undefined {
  if (!isElf64(bytes)) return undefined;
  const view = viewOf(bytes);
  return { machine: machineOf(view), segments: readSegments(view), sections: readSections(view, bytes) };
}

function readSegments(view: DataView): Elf['segments'] {
  return headersIn(view, { ...programHeaders(view), size: PROGRAM_HEADER_SIZE }).flatMap((at) => {
    const load = loadSegment(view, at);
    if (load === undefined || load.offset + load.size > view.byteLength) return [];
    return [{ ...load, memory: Math.min(Math.max(load.size, load.memory), WORD - 1) }];
  });
}

function readSections(view: DataView, bytes: Uint8Array): ElfSection[] {
  const table = { start: number64(view, 40), count: view.getUint16(60, true), size: SECTION_HEADER_SIZE };
  const places = headersIn(view, table);
  const namesAt = places[view.getUint16(62, true)];
  const names = namesAt === undefined ? 0 : number64(view, namesAt + 24);
  return places
    .map((at) => ({
      name: nameAt(bytes, names + view.getUint32(at, true)),
      type: view.getUint32(at + 4, true),
      flags: view.getUint32(at + 8, true),
      address: view.getInt32(at + 16, true),
      offset: number64(view, at + 24),
      size: number64(view, at + 32),
    }))
    .filter(
      ({ type, offset, size }) =>
        type !== SHT_NULL && type !== SHT_NOBITS && size > 0 && offset + size <= view.byteLength,
    )
    .sort((a, b) => a.offset - b.offset);
}

/** Where the headers of a table start that lie in the file, `size` bytes each. */
function headersIn(
  view: DataView,
  { start, size, count }: HeaderTable & { readonly size: number },
): number[] {
  return Array.from({ length: count }, (_, index) => start + size * index).filter(
    (at) => start > 0 && at + size <= view.byteLength,
  );
}

function nameAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at >= bytes.length || end < 0 || end - at > NAME_MAX) return '';
  return Buffer.from(bytes.subarray(at, end)).toString('latin1');
}
