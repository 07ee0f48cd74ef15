import { DeltaError } from '../delta-error.ts';
import type { DeltaSource } from '../delta-source.ts';
import type { ByteReader } from './byte-reader.ts';
import { RangeDecoder } from './coding/range-decoder.ts';
import { readCopies } from './copies/copy-coder.ts';
import type { Copies } from './copies/copy-list.ts';
import { CopyWalk } from './copies/copy-walk.ts';
import { DifferenceReader } from './difference-coder.ts';
import { LiteralReader } from './literals/literal-reader.ts';
import { AddressMap } from './references/address-map.ts';
import { extentOf } from './references/address-space.ts';
import type { Layout } from './references/layout.ts';
import { ReferenceModel } from './references/reference-model.ts';
import { StretchFinder } from './references/stretch-finder.ts';
import { LOOKAHEAD, SourcePages } from './source-pages.ts';
import type { WindowBody, WindowHeader } from './window-format.ts';

/** Bytes that are given at once. */
const CHUNK = 2 ** 18;

/**
 * What a window makes, in chunks that are good until the next one is asked for. `reader` stands at the window's literals.
 * @throws DeltaError `bad-delta`; what `source.read` throws
 */
export function* decodeWindow(
  source: DeltaSource,
  window: WindowHeader & WindowBody,
  reader: ByteReader,
): Generator<Uint8Array, void, undefined> {
  const structure = new RangeDecoder(window.structure);
  const differences = new RangeDecoder(window.differences);
  const copies = readCopies(structure, window.copies, window);
  const map = new AddressMap(copies, window.layout.source, window.layout.target);
  const references = new ReferenceModel(structure, map);
  const changes = new DifferenceReader(differences);
  const walk = new CopyWalk(references, changes, extentOf(window.layout.source));
  const pages = new SourcePages(source, window.start, window.source);
  const literals = new LiteralReader(reader, window.target - lengthOf(copies), {
    source,
    start: window.start,
    size: window.source,
  });
  try {
    yield* rebuild({ walk, pages, literals, copies, layout: window.layout, size: window.target });
  } finally {
    // An update applies hundreds of deltas one behind the other, and the garbage collector would let their tables wait.
    for (const part of [changes, pages]) part.release();
  }
  if (structure.overrun || differences.overrun) throw new DeltaError('bad-delta', 'the delta ends too early');
}

interface Parts {
  readonly walk: CopyWalk;
  readonly pages: SourcePages;
  readonly literals: LiteralReader;
  readonly copies: Copies;
  readonly layout: Layout;
  /** Bytes of the target. */
  readonly size: number;
}

function* rebuild({
  walk,
  pages,
  literals,
  copies,
  layout,
  size,
}: Parts): Generator<Uint8Array, void, undefined> {
  const stretch = new StretchFinder(layout);
  const chunk = new Uint8Array(Math.min(CHUNK, size) + LOOKAHEAD);
  /** Position in the target of the chunk's first byte, and bytes in it. */
  let start = 0;
  let filled = 0;
  for (let index = 0; index <= copies.count; index += 1) {
    const next = index < copies.count ? (copies.target[index] as number) : size;
    while (start + filled < next) {
      const end = Math.min(CHUNK, next - start);
      literals.fill(chunk, filled, end);
      filled = end;
      if (filled < CHUNK) continue;
      yield chunk.subarray(0, CHUNK);
      start += CHUNK;
      filled = 0;
    }
    if (index === copies.count) break;
    const from = copies.source[index] as number;
    const end = from + (copies.length[index] as number);
    for (let at = from; at < end; ) {
      stretch.find(at, start + filled, end);
      const { region } = stretch;
      const limit = Math.min(stretch.end, pages.load(at), at + CHUNK - filled);
      const { page } = pages;
      const range = {
        from: at - pages.start,
        limit: limit - pages.start,
        end: Math.min(stretch.end - pages.start, page.length),
        address: (stretch.sourceAddress + pages.start) | 0,
        phase: region === undefined ? 0 : at - region.start,
        to: filled,
        targetAddress: (stretch.targetAddress + start) | 0,
        copyAddress: (stretch.sourceAddress + from) | 0,
        copyLength: end - from,
      };
      // What a reference takes beyond the limit is copied along, and then left as the walk makes it.
      const reach = Math.min(range.end, range.limit + LOOKAHEAD);
      chunk.set(page.subarray(range.from, reach), filled);
      const stop = walk.walk(page, chunk, range, region);
      filled += stop - range.from;
      at = pages.start + stop;
      if (filled < CHUNK) continue;
      yield chunk.subarray(0, CHUNK);
      chunk.copyWithin(0, CHUNK, filled);
      start += CHUNK;
      filled -= CHUNK;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

function lengthOf({ count, length }: Copies): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += length[index] as number;
  return sum;
}
