/** A part of a file that is loaded into memory when the program starts; sizes in bytes. */
export interface LoadSegment {
  readonly offset: number;
  readonly size: number;
  /** The lower 32 bits, with a sign. */
  readonly address: number;
  /** What it takes in memory, as the header says it. */
  readonly memory: number;
  readonly executable: boolean;
}

/** Where a table of headers starts in the file, and how many it has. */
export interface HeaderTable {
  readonly start: number;
  readonly count: number;
}

/** Bytes of the header of a 64-bit ELF file, and of each program header. System V ABI, "Object Files". */
export const ELF_HEADER_SIZE = 64;
export const PROGRAM_HEADER_SIZE = 56;
export const MACHINE_X86_64 = 62;
export const MACHINE_AARCH64 = 183;

const MAGIC = [0x7f, 0x45, 0x4c, 0x46];
/** The magic, then 64 bits, little-endian. */
const IDENTITY_64 = [...MAGIC, 2, 1];
const PT_LOAD = 1;
const PF_X = 1;

/** Whether a file that starts with `head` says that it is an ELF file, of any kind. */
export function isElf(head: Uint8Array): boolean {
  return MAGIC.every((byte, at) => head[at] === byte);
}

/** Whether there is the whole header of a 64-bit, little-endian one. */
export function isElf64(head: Uint8Array): boolean {
  return head.length >= ELF_HEADER_SIZE && IDENTITY_64.every((byte, at) => head[at] === byte);
}

/** e_machine of a 64-bit file. */
export function machineOf(view: DataView): number {
  return view.getUint16(18, true);
}

/** The program headers of a 64-bit file, wherever it says that they are. */
export function programHeaders(view: DataView): HeaderTable {
  return { start: number64(view, 32), count: view.getUint16(56, true) };
}

/** What the program header at `at` has loaded; undefined where it is for something else. */
export function loadSegment(view: DataView, at: number): LoadSegment | undefined {
  if (view.getUint32(at, true) !== PT_LOAD) return undefined;
  return {
    offset: number64(view, at + 8),
    size: number64(view, at + 32),
    address: view.getInt32(at + 16, true),
    memory: number64(view, at + 40),
    executable: (view.getUint32(at + 4, true) & PF_X) !== 0,
  };
}

/** 64 bits as a number; what is too large to be exact is beyond the end of any file all the same. */
export function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
