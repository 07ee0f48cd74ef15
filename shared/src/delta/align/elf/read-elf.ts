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
const PT_LOAD = 1;
const PF_X = 1;
const HEADER = 64;
const PROGRAM_HEADER = 56;
const SECTION_HEADER = 64;
const NAME_MAX = 64;
const WORD = 2 ** 32;

/** The segments and sections of `bytes`, or undefined where it is no such file. What lies about itself is left out, not refused. */
export function readElf(bytes: Uint8Array): Elf | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < HEADER || view.readUInt32BE(0) !== 0x7f454c46 || view[4] !== 2 || view[5] !== 1)
    return undefined;
  return { machine: view.readUInt16LE(18), segments: readSegments(view), sections: readSections(view) };
}

function readSegments(view: Buffer): Elf['segments'] {
  const start = number64(view, 32);
  return headers(view, { start, size: PROGRAM_HEADER, count: view.readUInt16LE(56) }).flatMap((at) => {
    if (view.readUInt32LE(at) !== PT_LOAD) return [];
    const offset = number64(view, at + 8);
    const size = number64(view, at + 32);
    if (offset + size > view.length) return [];
    const memory = Math.min(Math.max(size, number64(view, at + 40)), WORD - 1);
    return [
      {
        offset,
        size,
        memory,
        address: view.readInt32LE(at + 16),
        executable: (view.readUInt32LE(at + 4) & PF_X) !== 0,
      },
    ];
  });
}

function readSections(view: Buffer): ElfSection[] {
  const table = { start: number64(view, 40), size: SECTION_HEADER, count: view.readUInt16LE(60) };
  const places = headers(view, table);
  const namesAt = places[view.readUInt16LE(62)];
  const names = namesAt === undefined ? 0 : number64(view, namesAt + 24);
  return places
    .map((at) => ({
      name: nameAt(view, names + view.readUInt32LE(at)),
      type: view.readUInt32LE(at + 4),
      flags: view.readUInt32LE(at + 8),
      address: view.readInt32LE(at + 16),
      offset: number64(view, at + 24),
      size: number64(view, at + 32),
    }))
    .filter(
      ({ type, offset, size }) =>
        type !== SHT_NULL && type !== SHT_NOBITS && size > 0 && offset + size <= view.length,
    )
    .sort((a, b) => a.offset - b.offset);
}

/** Where the headers of a table start that lie in the file. */
function headers(
  view: Buffer,
  { start, size, count }: { start: number; size: number; count: number },
): number[] {
  return Array.from({ length: count }, (_, index) => start + size * index).filter(
    (at) => start > 0 && at + size <= view.length,
  );
}

function nameAt(view: Buffer, at: number): string {
  const end = view.indexOf(0, at);
  return at >= view.length || end < 0 || end - at > NAME_MAX ? '' : view.toString('latin1', at, end);
}

function number64(view: Buffer, at: number): number {
  return Number(view.readBigUInt64LE(at));
}
