import {
  type Extent,
  FROM_BASE,
  FROM_ITSELF,
  FROM_NOTHING,
  type ReferenceForm,
  type ReferenceVisitor,
  read32,
  type ScanRange,
  write32,
} from './reference-form.ts';
import { ABSOLUTE, BASED, type Column, DRIFTING, PLAIN, type Region, SELF } from './region.ts';

/** Smaller numbers are counts and flags, whatever else the column holds. */
const ADDRESS_MIN = 4096;
const OFFSET_MIN = 64;

/** Tells `visitor` the references in a table of four-byte words, little-endian. Gives where it stopped. */
export function scanWords(
  bytes: Uint8Array,
  { from, limit, end, address, phase }: ScanRange,
  { region, low, span }: Extent & { readonly region: Region },
  visitor: ReferenceVisitor,
): number {
  const { columns } = region;
  let at = from + (-phase & 3);
  let column = ((phase + at - from) >> 2) % columns.length;
  for (; at < limit && at + 4 <= end; at += 4) {
    const type = columns[column] as Column;
    const form = 2 * type + (column & 1);
    column = column + 1 === columns.length ? 0 : column + 1;
    if (type === PLAIN) continue;
    const value = read32(bytes, at);
    if (type === DRIFTING) {
      if (value >>> 0 >= OFFSET_MIN) visitor.reference(FORMS[form] as ReferenceForm, at, value);
      continue;
    }
    let named = value;
    if (type === SELF) named = (address + at + value) | 0;
    else if (type === BASED) named = (region.sourceBase + value) | 0;
    else if (value >>> 0 < ADDRESS_MIN) continue;
    if ((named - low) >>> 0 < span) visitor.reference(FORMS[form] as ReferenceForm, at, named);
  }
  return Math.min(Math.max(at, limit), end);
}

/** Two forms for each type, as the columns of a record alternate. */
const FORMS: readonly ReferenceForm[] = [PLAIN, ABSOLUTE, SELF, BASED, DRIFTING].flatMap((type) => [
  word(type as Column, 0),
  word(type as Column, 1),
]);

function word(type: Column, parity: number): ReferenceForm {
  return {
    kind: 4 + 2 * type + parity,
    origin: type === SELF ? FROM_ITSELF : type === BASED ? FROM_BASE : FROM_NOTHING,
    space: type === DRIFTING ? 1 + parity : 0,
    whole: true,
    read: (bytes, at, origin) => (origin + read32(bytes, at)) | 0,
    write: (bytes, at, origin, address) => write32(bytes, at, (address - origin) | 0),
    mask(bytes, at, hash) {
      bytes[at] = hash >>> 8;
      bytes[at + 1] = hash >>> 16;
      bytes[at + 2] = hash >>> 24;
      bytes[at + 3] = 0x80 | type;
    },
  };
}
