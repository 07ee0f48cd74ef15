import { VarintWriter } from '../../varint.ts';
import { RangeEncoder } from './coding/range-encoder.ts';
import { writeCopies } from './copies/copy-coder.ts';
import type { Copies } from './copies/copy-list.ts';
import { CopyWalk } from './copies/copy-walk.ts';
import { findCopies } from './copies/find-copies.ts';
import { withMaskedReferences } from './copies/mask-references.ts';
import { CODE, type SearchRule, TEXT } from './copies/search-rule.ts';
import { DifferenceWriter } from './difference-coder.ts';
import { elfLayout } from './elf/elf-layout.ts';
import { DICTIONARY_MAX } from './literals/literal-block.ts';
import { writeLiterals } from './literals/write-literals.ts';
import { AddressMap } from './references/address-map.ts';
import { extentOf } from './references/address-space.ts';
import { type Layout, NO_LAYOUT } from './references/layout.ts';
import { ReferenceModel } from './references/reference-model.ts';
import { StretchFinder } from './references/stretch-finder.ts';
import { writeWindow } from './window-format.ts';

/** Files up to this size are coded in every way there is; larger ones in the way that their kind suggests. */
const THOROUGH_MAX = 2 ** 18;

/** The window that makes all of `target` out of all of `source`: the smallest of those tried, the first of equals. */
export function encodeWindow(source: Uint8Array, target: Uint8Array): Uint8Array {
  const windows = waysFor(source, target).map((way) => encodeBy(way, source, target));
  return windows.reduce((smallest, window) => (window.length < smallest.length ? window : smallest));
}

/** What is taken for granted of two files, and how they are compared. */
interface Way {
  readonly layout: Layout;
  readonly rule: SearchRule;
}

function waysFor(source: Uint8Array, target: Uint8Array): Way[] {
  const layout = elfLayout(source, target);
  const program = layout.source.length > 0;
  const best: Way = { layout, rule: program ? CODE : TEXT };
  if (Math.max(source.length, target.length) > THOROUGH_MAX) return [best];
  return [best, { layout: NO_LAYOUT, rule: program ? TEXT : CODE }];
}

function encodeBy({ layout, rule }: Way, source: Uint8Array, target: Uint8Array): Uint8Array {
  const copies = searchCopies(source, target, { layout, rule });
  const structure = new RangeEncoder();
  const differences = new RangeEncoder();
  writeCopies(structure, copies);
  const map = new AddressMap(copies, layout.source, layout.target);
  const writer = new DifferenceWriter(differences);
  const walk = new CopyWalk(new ReferenceModel(structure, map), writer, extentOf(layout.source));
  walkCopies(walk, { source, target, copies, layout });
  writer.finish();

  const window = new VarintWriter();
  writeWindow(
    window,
    { start: 0, whole: true, source: source.length, target: target.length },
    { layout, copies: copies.count, structure: structure.finish(), differences: differences.finish() },
  );
  // Text resembles its neighbours; code doesn't, and the search costs seconds.
  const dictionary = layout === NO_LAYOUT && source.length <= DICTIONARY_MAX ? source : undefined;
  writeLiterals(window, literalsOf(target, copies), dictionary);
  return window.take();
}

function searchCopies(source: Uint8Array, target: Uint8Array, { layout, rule }: Way): Copies {
  if (layout === NO_LAYOUT) return findCopies(source, target, rule);
  const files = [
    { bytes: source, segments: layout.source, regions: layout.regions },
    { bytes: target, segments: layout.target, regions: elfLayout(target, target).regions },
  ];
  return withMaskedReferences(files, () => findCopies(source, target, rule));
}

function walkCopies(
  walk: CopyWalk,
  {
    source,
    target,
    copies,
    layout,
  }: { source: Uint8Array; target: Uint8Array; copies: Copies; layout: Layout },
): void {
  const stretch = new StretchFinder(layout);
  for (let index = 0; index < copies.count; index += 1) {
    const from = copies.source[index] as number;
    const end = from + (copies.length[index] as number);
    const shift = (copies.target[index] as number) - from;
    for (let at = from; at < end; ) {
      stretch.find(at, at + shift, end);
      const { region, sourceAddress: address, targetAddress } = stretch;
      const phase = region === undefined ? 0 : at - region.start;
      const range = {
        from: at,
        limit: stretch.end,
        end: stretch.end,
        address,
        phase,
        to: at + shift,
        targetAddress,
        copyAddress: (address + from) | 0,
        copyLength: end - from,
      };
      at = walk.walk(source, target, range, region);
    }
  }
}

function literalsOf(target: Uint8Array, copies: Copies): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; index < copies.count; index += 1) {
    const start = copies.target[index] as number;
    if (start > at) parts.push(target.subarray(at, start));
    at = start + (copies.length[index] as number);
  }
  parts.push(target.subarray(at));
  return Buffer.concat(parts);
}
