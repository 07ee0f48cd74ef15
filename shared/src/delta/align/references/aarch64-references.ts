import {
  CALL,
  CONDITIONAL,
  GAP_MAX,
  isAccess,
  isAddition,
  JUMP,
  LITERAL,
  NEAR,
  OFFSET,
  PAGE,
  PAGES,
  TEST,
} from './aarch64-forms.ts';
import type { PageRegisters } from './page-registers.ts';
import {
  type Extent,
  type ReferenceForm,
  type ReferenceVisitor,
  read32,
  type ScanRange,
} from './reference-form.ts';

/** What the highest byte of an instruction says of it: a form that says all, or how it has to do with pages. */
const FORMS: readonly (ReferenceForm | undefined)[] = Array.from({ length: 256 }, (_, high) => {
  if ((high & 0x7c) === 0x14) return (high & 0x80) === 0 ? JUMP : CALL;
  if (high === 0x54 || (high & 0x7e) === 0x34) return CONDITIONAL;
  if ((high & 0x7e) === 0x36) return TEST;
  if ((high & 0x3b) === 0x18) return LITERAL;
  if ((high & 0x9f) === 0x10) return NEAR;
  if ((high & 0x9f) === 0x90) return PAGE;
  return isAccess(high << 24) || isAddition(high << 24) ? OFFSET : undefined;
});

/**
 * Tells `visitor` the references of aarch64 code ("Arm Architecture Reference Manual for A-profile", C4.1): branches, literals, and
 * pages with the offsets that go with them, whatever stands between. `registers` is what the code before has left there. It follows no
 * branches: what looks like an instruction and names an address of the program is one. Gives where it stopped: `limit` or a little
 * behind.
 */
export function scanAarch64(
  bytes: Uint8Array,
  { from, limit, end, address }: ScanRange,
  { low, span, registers }: Extent & { readonly registers: PageRegisters },
  visitor: ReferenceVisitor,
): number {
  let at = from + (-(address + from) & 3);
  for (; at < limit && at + 4 <= end; at += 4) {
    const word = read32(bytes, at);
    const register = word & 31;
    const form = FORMS[word >>> 24];
    if (form === undefined) {
      registers.forget(register);
    } else if (form === OFFSET) {
      const base = (word >>> 5) & 31;
      if (registers.holds(base) && takesOffset(word)) {
        const named = OFFSET.read(bytes, at, registers.page(base));
        if ((named - low) >>> 0 < span) visitor.reference(OFFSET, at, named, registers.movedPage(base));
      }
      if (setsRegister(word)) registers.forget(register);
    } else if (form === PAGE) {
      const whole = PAGES[gapAfter(bytes, at, { register, end })] as ReferenceForm;
      const named = whole.read(bytes, at, (address + at) | 0);
      if ((named - low) >>> 0 < span) registers.hold(register, named, visitor.reference(whole, at, named));
      else registers.forget(register);
    } else {
      const named = form.read(bytes, at, (address + at) | 0);
      if ((named - low) >>> 0 < span) visitor.reference(form, at, named);
      if (form === CALL) registers.forgetScratch();
      else if (form === LITERAL || form === NEAR) registers.forget(register);
    }
  }
  return Math.min(Math.max(at, limit), end);
}

/** How many instructions behind the ADRP at `at` its register is used first; 0 where that is too far away or unknown. */
function gapAfter(
  bytes: Uint8Array,
  at: number,
  { register, end }: { readonly register: number; readonly end: number },
): number {
  for (let gap = 1; gap <= GAP_MAX && at + 4 * gap + 4 <= end; gap += 1) {
    const word = read32(bytes, at + 4 * gap);
    if (((word >>> 5) & 31) === register && takesOffset(word)) return gap;
    if ((word & 31) === register && FORMS[word >>> 24] === PAGE) return 0;
  }
  return 0;
}

function takesOffset(word: number): boolean {
  return isAccess(word) || isAddition(word);
}

/** Whether an instruction with the highest byte of OFFSET changes its register: loads of whole registers and additions do. */
function setsRegister(word: number): boolean {
  return !isAccess(word) || ((word & 0x04000000) === 0 && (word & 0x00c00000) !== 0);
}
