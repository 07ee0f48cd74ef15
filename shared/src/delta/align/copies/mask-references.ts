import { releaseBuffer } from '../../../release-bytes.ts';
import { addressOf, extentOf, offsetOf, type Segment } from '../references/address-space.ts';
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
    const address = ((addressOf(segments, region.start) ?? region.start) - region.start) | 0;
    const range = { from: region.start, limit: end, end, address, phase: 0 };
    if (region.start < end) scanReferences(bytes, range, { region, extent }, mask);
  }
  mask.apply();
  return mask;
}

/**
 * Remembers references first and masks them then: what they point to is code and tables full of references, whose bytes have to look
 * as before, too, though all that these name has moved. A large program has millions, so each takes as few bytes as can be.
 */
class Mask implements ReferenceVisitor {
  readonly #bytes: Uint8Array;
  readonly #segments: readonly Segment[];
  #count = 0;
  /** From the place of each reference to the next one's: a byte, or FAR and the place itself among the `#far`. */
  #gaps = new Uint8Array(1024);
  readonly #far: number[] = [];
  #last = 0;
  #forms = new Uint8Array(1024);
  /** Where the bytes are that are pointed to, or -1. */
  #targets = new Int32Array(1024);
  /** Once applied, the bytes that were there. */
  #values = new Int32Array(0);
  readonly #known: ReferenceForm[] = [];

  constructor(bytes: Uint8Array, segments: readonly Segment[]) {
    this.#bytes = bytes;
    this.#segments = segments;
  }

  reference(form: ReferenceForm, at: number, address: number): number {
    if (this.#count === this.#gaps.length) this.#resize(Math.ceil(1.5 * this.#count));
    const gap = at - this.#last;
    this.#gaps[this.#count] = Math.min(gap, FAR);
    if (gap >= FAR) this.#far.push(at);
    this.#last = at;
    this.#targets[this.#count] = form.space === 0 ? offsetOf(this.#segments, address) : -1;
    this.#forms[this.#count] = this.#numberOf(form);
    this.#count += 1;
    return address;
  }

  apply(): void {
    this.#resize(this.#count);
    const bytes = this.#bytes;
    const values = new Int32Array(this.#count);
    this.#forEach((form, place, index) => {
      values[index] = read32(bytes, place);
      form.mask(bytes, place, 0);
    });
    this.#values = values;
    const hashes = this.#targets.map((place) =>
      place >= 0 && place + 8 <= bytes.length ? hash8(bytes, place) : 0,
    );
    releaseBuffer(this.#targets);
    this.#forEach((form, place, index) => form.mask(bytes, place, hashes[index] as number));
    releaseBuffer(hashes);
  }

  restore(): void {
    const values = this.#values;
    if (values.length > 0)
      this.#forEach((_, place, index) => write32(this.#bytes, place, values[index] as number));
    for (const list of [this.#gaps, this.#forms, this.#values]) releaseBuffer(list);
  }

  #forEach(visit: (form: ReferenceForm, place: number, index: number) => void): void {
    let place = 0;
    let far = 0;
    for (let index = 0; index < this.#count; index += 1) {
      const gap = this.#gaps[index] as number;
      if (gap < FAR) {
        place += gap;
      } else {
        place = this.#far[far] as number;
        far += 1;
      }
      visit(this.#known[this.#forms[index] as number] as ReferenceForm, place, index);
    }
  }

  #numberOf(form: ReferenceForm): number {
    const number = this.#known.indexOf(form);
    return number >= 0 ? number : this.#known.push(form) - 1;
  }

  #resize(size: number): void {
    this.#gaps = resized(this.#gaps, new Uint8Array(size));
    this.#forms = resized(this.#forms, new Uint8Array(size));
    this.#targets = resized(this.#targets, new Int32Array(size));
  }
}

const FAR = 255;

function resized<T extends Int32Array | Uint8Array>(old: T, other: T): T {
  other.set(old.subarray(0, other.length));
  releaseBuffer(old);
  return other;
}
