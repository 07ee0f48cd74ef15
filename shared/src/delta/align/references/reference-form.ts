/** What the value of a reference counts from. */
export const FROM_NOTHING = 0;
export const FROM_ITSELF = 1;
export const FROM_BASE = 2;
export const FROM_PAGE = 3;

/** Bytes that a reference takes up, whatever its form. */
export const REFERENCE_SIZE = 4;

/** How one sort of reference is written. Addresses are the lower 32 bits, as signed integers. */
export interface ReferenceForm {
  /** Number of the sort, below CLASSES: each is predicted apart. */
  readonly kind: number;
  readonly origin: typeof FROM_NOTHING | typeof FROM_ITSELF | typeof FROM_BASE | typeof FROM_PAGE;
  /** Numbers that are no addresses live in a space of their own; 0 is memory. */
  readonly space: number;
  /** Whether the four bytes are one little-endian number, the address less that of the origin; then nothing of them is left to tell. */
  readonly whole: boolean;
  /** The address that the bytes at `at` name, where the origin has the address `origin`. */
  read(bytes: Uint8Array, at: number, origin: number): number;
  /** Makes the bytes at `at` name `address`, as far as they can. */
  write(bytes: Uint8Array, at: number, origin: number, address: number): void;
  /** Puts bits of `hash` where the address is, so that equal references to moved places look equal. */
  mask(bytes: Uint8Array, at: number, hash: number): void;
}

/** Who wants to know of references, front to back. */
export interface ReferenceVisitor {
  /**
   * A reference of `form` at `at` names `address`. Gives what it names in the target, or `address` where there is none. `page`: what
   * a reference FROM_PAGE counts from in the target.
   */
  reference(form: ReferenceForm, at: number, address: number, page?: number): number;
}

/** The part of a buffer that a scan goes over. */
export interface ScanRange {
  /** Where it starts, and the first position that the next scan may start from. */
  readonly from: number;
  readonly limit: number;
  /** No reference reaches behind it; at least 64 bytes behind `limit`, unless the copy ends before. */
  readonly end: number;
  /** Address of position 0 of the buffer. */
  readonly address: number;
  /** Where `from` is in its region. */
  readonly phase: number;
}

/** Addresses that a program can refer to: `span` bytes from `low` on. */
export interface Extent {
  readonly low: number;
  readonly span: number;
}

export function read32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

export function write32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
