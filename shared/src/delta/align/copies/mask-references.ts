import { releaseBuffer } from '../../../release-bytes.ts';
import { extentOf, offsetOf, type Segment } from '../references/address-space.ts';
import { type ReferenceForm, type ReferenceVisitor, read32, write32 } from '../references/reference-form.ts';
import type { Region } from '../references/region.ts';
import { scanReferences } from '../references/scan-references.ts';
import { hash8 } from './content-hash.ts';

/** Bytes of one program, and what is known of it. */
export interface MaskedFile {
  readonly bytes: Uint8Array;
  readonly segments: readonly Segment[];
  readonly regions: readonly Region[];
}

/**
 * What `search` gives while the references of `files` show what they point to instead of where that lies: so a function that only
 * moved looks as before, and so do all that call it. The bytes are changed in place, as a second copy of a large pair would be most of
 * the memory, and are as before when this returns or throws. Nothing else may read them meanwhile, so `search` is synchronous.
 */
export function withMaskedReferences<T>(files: readonly MaskedFile[], search: () => T): T {
  const masks: Mask[] = [];
  try {
    for (const file of files) masks.push(maskReferences(file));
    return search();
  } finally {
    for (const mask of masks) mask.restore();
  }
}

function maskReferences({ bytes, segments, regions }: MaskedFile): Mask {
  const mask = new Mask(bytes, segments);
  const extent = extentOf(segments);
  for (const region of regions) {
    const end = Math.min(region.start + region.length, bytes.length);
    const segment = segments.find(
      ({ offset, size }) => region.start >= offset && region.start < offset + size,
    );
    const address = segment === undefined ? 0 : (segment.address - segment.offset) | 0;
    const range = { from: region.start, limit: end, end, address, phase: 0 };
    if (region.start < end) scanReferences(bytes, range, { region, extent }, mask);
  }
  mask.apply();
  return mask;
}

/**
 * Remembers references first and masks them then: what they point to is code and tables full of references, whose bytes have to look
 * as before, too, though all that these name has moved.
 */
class Mask implements ReferenceVisitor {
  readonly #bytes: Uint8Array;
  readonly #segments: readonly Segment[];
  #count = 0;
  #places = new Int32Array(1024);
  /** Where the bytes are that are pointed to, or -1; once applied, their hash. */
  #targets = new Int32Array(1024);
  /** Once applied, the bytes that were there. */
  #values = new Int32Array(0);
  #forms = new Uint8Array(1024);
  readonly #known: ReferenceForm[] = [];
  #applied = false;

  constructor(bytes: Uint8Array, segments: readonly Segment[]) {
    this.#bytes = bytes;
    this.#segments = segments;
  }

  reference(form: ReferenceForm, at: number, address: number): number {
    if (this.#count === this.#places.length) this.#grow();
    this.#places[this.#count] = at;
    this.#targets[this.#count] = form.space === 0 ? offsetOf(this.#segments, address) : -1;
    this.#forms[this.#count] = this.#numberOf(form);
    this.#count += 1;
    return address;
  }

  apply(): void {
    this.#applied = true;
    this.#values = new Int32Array(this.#count);
    for (let index = 0; index < this.#count; index += 1) {
      this.#values[index] = read32(this.#bytes, this.#places[index] as number);
      this.#mask(index, 0);
    }
    for (let index = 0; index < this.#count; index += 1) {
      const place = this.#targets[index] as number;
      this.#targets[index] = place >= 0 && place + 8 <= this.#bytes.length ? hash8(this.#bytes, place) : 0;
    }
    for (let index = 0; index < this.#count; index += 1) this.#mask(index, this.#targets[index] as number);
    releaseBuffer(this.#targets);
  }

  #mask(index: number, hash: number): void {
    const form = this.#known[this.#forms[index] as number] as ReferenceForm;
    form.mask(this.#bytes, this.#places[index] as number, hash);
  }

  restore(): void {
    if (!this.#applied) return;
    for (let index = this.#count - 1; index >= 0; index -= 1)
      write32(this.#bytes, this.#places[index] as number, this.#values[index] as number);
    for (const list of [this.#places, this.#values, this.#forms]) releaseBuffer(list);
  }

  #numberOf(form: ReferenceForm): number {
    const number = this.#known.indexOf(form);
    return number >= 0 ? number : this.#known.push(form) - 1;
  }

  #grow(): void {
    const size = Math.ceil(1.5 * this.#places.length);
    this.#places = copied(this.#places, new Int32Array(size));
    this.#targets = copied(this.#targets, new Int32Array(size));
    this.#forms = copied(this.#forms, new Uint8Array(size));
  }
}

function copied<T extends Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  releaseBuffer(old);
  return larger;
}
