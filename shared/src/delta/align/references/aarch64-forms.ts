import { FROM_ITSELF, FROM_PAGE, type ReferenceForm, read32, write32 } from './reference-form.ts';

/** Bits of an address within its page. */
const WITHIN = 0xfff;
/** The 21 bits of ADR and ADRP: two above, the others behind the register. */
const SPLIT_FIELD = 0x60ffffe0;
/** The 12 bits of an addition or of a load's or store's offset. */
const OFFSET_FIELD = 0x3ffc00;

/** BL and B. */
export const CALL = branch(0, { bits: 26, shift: 0, telling: true });
export const JUMP = branch(1, { bits: 26, shift: 0, telling: true });
/** B.cond, CBZ, CBNZ; TBZ, TBNZ: places within a function, which say little about which function it is. */
export const CONDITIONAL = branch(2, { bits: 19, shift: 5, telling: false });
export const TEST = branch(2, { bits: 14, shift: 5, telling: false });
/** LDR of a literal near the code, and ADR. */
export const LITERAL = branch(16, { bits: 19, shift: 5, telling: true });
export const NEAR: ReferenceForm = {
  kind: 16,
  origin: FROM_ITSELF,
  space: 0,
  whole: false,
  read: (bytes, at, origin) => (origin + splitField(read32(bytes, at))) | 0,
  write: (bytes, at, origin, address) => writeSplitField(bytes, at, address - origin),
  mask: (bytes, at, hash) => writeSplitField(bytes, at, hash >>> 11),
};

/** ADRP whose register nobody uses soon: the address is that of the page. */
export const PAGE = page(14, 0);
/** Most instructions from an ADRP to the one that adds the offset. */
export const GAP_MAX = 7;
/** ADRP by the number of instructions to the one that adds the offset (0: not there): the address is the whole, the bytes only the page. */
export const PAGES: readonly ReferenceForm[] = Array.from({ length: GAP_MAX + 1 }, (_, gap) =>
  gap === 0 ? PAGE : page(3, 4 * gap),
);

/** The offset within the page of a register: ADD, or a load or store, whose bits count in units of its size. */
export const OFFSET: ReferenceForm = {
  kind: 15,
  origin: FROM_PAGE,
  space: 0,
  whole: false,
  read: (bytes, at, origin) => (origin + offsetOf(read32(bytes, at))) | 0,
  write(bytes, at, _origin, address) {
    const word = read32(bytes, at);
    write32(bytes, at, (word & ~OFFSET_FIELD) | (((address & WITHIN) >> scaleOf(word)) << 10));
  },
  mask(bytes, at, hash) {
    write32(bytes, at, (read32(bytes, at) & ~OFFSET_FIELD) | ((hash >>> 20) << 10));
  },
};

/** A load or store of a register at an offset that has no sign. */
export function isAccess(word: number): boolean {
  return (word & 0x3b000000) === 0x39000000;
}

/** ADD (64 bits) of a number that is not shifted. */
export function isAddition(word: number): boolean {
  return word >>> 22 === 0x244;
}

function offsetOf(word: number): number {
  return (((word & OFFSET_FIELD) >>> 10) << scaleOf(word)) & WITHIN;
}

/** log2 of the bytes that one of an offset stands for. */
function scaleOf(word: number): number {
  if (!isAccess(word)) return 0;
  return (word & 0x04800000) === 0x04800000 ? 4 : word >>> 30;
}

/** A distance of `bits` bits in instructions from the instruction itself. */
function branch(
  kind: number,
  { bits, shift, telling }: { readonly bits: number; readonly shift: number; readonly telling: boolean },
): ReferenceForm {
  const field = (2 ** bits - 1) << shift;
  const above = 32 - bits - shift;
  return {
    kind,
    origin: FROM_ITSELF,
    space: 0,
    whole: false,
    read: (bytes, at, origin) => (origin + (((read32(bytes, at) << above) >> (32 - bits)) << 2)) | 0,
    write(bytes, at, origin, address) {
      const distance = ((address - origin) >> 2) << shift;
      write32(bytes, at, (read32(bytes, at) & ~field) | (distance & field));
    },
    mask(bytes, at, hash) {
      write32(bytes, at, (read32(bytes, at) & ~field) | (telling ? (hash << shift) & field : 0));
    },
  };
}

/** ADRP; the offset within the page is read from the instruction `ahead` bytes on, and written with that one. */
function page(kind: number, ahead: number): ReferenceForm {
  return {
    kind,
    origin: FROM_ITSELF,
    space: 0,
    whole: false,
    read(bytes, at, origin) {
      const start = (origin & ~WITHIN) + (splitField(read32(bytes, at)) << 12);
      return (start + (ahead === 0 ? 0 : offsetOf(read32(bytes, at + ahead)))) | 0;
    },
    write(bytes, at, origin, address) {
      writeSplitField(bytes, at, ((address & ~WITHIN) - (origin & ~WITHIN)) >> 12);
    },
    mask: (bytes, at, hash) => writeSplitField(bytes, at, ahead === 0 ? 0 : hash),
  };
}

function splitField(word: number): number {
  return (((word << 8) >> 13) << 2) | ((word >>> 29) & 3);
}

function writeSplitField(bytes: Uint8Array, at: number, value: number): void {
  const field = ((value & 3) << 29) | ((value << 3) & 0xffffe0);
  write32(bytes, at, (read32(bytes, at) & ~SPLIT_FIELD) | field);
}
