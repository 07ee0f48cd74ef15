import {
  type Extent,
  FROM_ITSELF,
  type ReferenceForm,
  type ReferenceVisitor,
  read32,
  type ScanRange,
  write32,
} from './reference-form.ts';

const CALL = relative(0, true);
const JUMP = relative(1, true);
/** Jumps to places within a function: what is there says little about which function it is. */
const CONDITIONAL = relative(2, false);
const MEMORY = relative(3, true);

/** What a byte may start: nothing, CALL, JUMP, the escape of a conditional jump, or a ModRM byte that is relative to RIP. */
const STARTS = new Uint8Array(256);
STARTS[0xe8] = 1;
STARTS[0xe9] = 2;
STARTS[0x0f] = 3;
for (let register = 0; register < 8; register += 1) STARTS[0x05 + 8 * register] = 4;

const FORMS: readonly ReferenceForm[] = [MEMORY, CALL, JUMP, CONDITIONAL, MEMORY];

/**
 * Tells `visitor` the 32-bit relative operands of x86-64 code: calls, jumps and what is addressed relative to RIP. It does not
 * decode instructions: whatever looks like one and names an address of the program is one. Gives where it stopped: `limit` or a
 * little behind.
 */
export function scanX86(
  bytes: Uint8Array,
  { from, limit, end, address }: ScanRange,
  { low, span }: Extent,
  visitor: ReferenceVisitor,
): number {
  let at = from;
  while (at < limit) {
    const start = STARTS[bytes[at] as number] as number;
    at += 1;
    if (start === 0) continue;
    let operand = at;
    if (start === 3) {
      if (((bytes[operand] as number) & 0xf0) !== 0x80) continue;
      operand += 1;
    }
    if (operand + 4 > end) continue;
    const named = (address + operand + 4 + read32(bytes, operand)) | 0;
    if ((named - low) >>> 0 >= span) continue;
    visitor.reference(FORMS[start] as ReferenceForm, operand, named);
    at = operand + 4;
  }
  return Math.min(Math.max(at, limit), end);
}

function relative(kind: number, telling: boolean): ReferenceForm {
  return {
    kind,
    origin: FROM_ITSELF,
    space: 0,
    whole: true,
    read: (bytes, at, origin) => (origin + 4 + read32(bytes, at)) | 0,
    write: (bytes, at, origin, address) => write32(bytes, at, (address - origin - 4) | 0),
    mask(bytes, at, hash) {
      bytes[at] = 0;
      bytes[at + 1] = telling ? hash >>> 16 : 0;
      bytes[at + 2] = telling ? hash >>> 24 : 0;
      bytes[at + 3] = kind + 1;
    },
  };
}
