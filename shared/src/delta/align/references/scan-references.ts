import { scanAarch64 } from './aarch64-references.ts';
import { PageRegisters } from './page-registers.ts';
import type { Extent, ReferenceVisitor, ScanRange } from './reference-form.ts';
import type { Region } from './region.ts';
import { scanWords } from './word-references.ts';
import { scanX86 } from './x86-references.ts';

export interface Scanned {
  readonly region: Region;
  readonly extent: Extent;
  /** What the scan of the bytes before has left; nothing where that is not given. */
  readonly registers?: PageRegisters;
}

/** Tells `visitor` the references of a part of `region`, front to back. Gives where it stopped: at `limit`, or up to 64 bytes behind. */
export function scanReferences(
  bytes: Uint8Array,
  range: ScanRange,
  { region, extent, registers = new PageRegisters() }: Scanned,
  visitor: ReferenceVisitor,
): number {
  switch (region.kind) {
    case 'x86':
      return scanX86(bytes, range, extent, visitor);
    case 'aarch64':
      return scanAarch64(bytes, range, { ...extent, registers }, visitor);
    case 'words':
      return scanWords(bytes, range, { region, ...extent }, visitor);
  }
}
