import type { VarintWriter } from '../../../varint.ts';
import { LITERAL_BLOCK, METHODS, packLiterals } from './literal-block.ts';

/** Writes the bytes of the target that no copy explains: blocks, each behind a number that tells its stored size and method. */
export function writeLiterals(writer: VarintWriter, literals: Uint8Array, dictionary?: Uint8Array): void {
  for (let at = 0; at < literals.length; at += LITERAL_BLOCK) {
    const { method, stored } = packLiterals(literals.subarray(at, at + LITERAL_BLOCK), dictionary);
    writer.write(stored.length * METHODS + method);
    writer.writeBytes(stored);
  }
}
