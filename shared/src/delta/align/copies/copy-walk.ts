import type { DifferenceCoder } from '../difference-coder.ts';
import { BYTES_BEFORE, BYTES_BEHIND } from '../difference-model.ts';
import { PageRegisters } from '../references/page-registers.ts';
import {
  type Extent,
  FROM_BASE,
  FROM_ITSELF,
  FROM_PAGE,
  type ReferenceForm,
  type ReferenceVisitor,
  type ScanRange,
} from '../references/reference-form.ts';
import { BRANCHES, type ReferenceModel } from '../references/reference-model.ts';
import type { Region } from '../references/region.ts';
import { scanReferences } from '../references/scan-references.ts';

/** Bytes of the largest reference. */
const REFERENCE_MAX = 16;

/** A part of a copy within one region: where to go in the source's buffer, and where the same is in the target's. */
export interface CopyRange extends ScanRange {
  /** Position in the target's buffer of what lies at `from`. */
  readonly to: number;
  /** Address of position 0 of the target's buffer. */
  readonly targetAddress: number;
  /** Address of the first byte of the whole copy, and its length. */
  readonly copyAddress: number;
  readonly copyLength: number;
}

/**
 * Goes over copies and has all coded that is not as in the source. It runs the same way on both sides: the writer's target holds
 * the true bytes, the reader's the bytes of the source, which become the true ones on the way.
 */
export class CopyWalk implements ReferenceVisitor {
  readonly #references: ReferenceModel;
  readonly #differences: DifferenceCoder;
  readonly #extent: Extent;
  readonly #scratch = new Uint8Array(BYTES_BEFORE + REFERENCE_MAX + BYTES_BEHIND);
  #source: Uint8Array = this.#scratch;
  #target: Uint8Array = this.#scratch;
  #region: Region | undefined;
  readonly #registers = new PageRegisters();
  /** Addresses of what comes behind the last walk. */
  #nextSource = 0;
  #nextTarget = 0;
  /** From a position in the source's buffer to the one in the target's. */
  #shift = 0;
  #targetAddress = 0;
  #copyAddress = 0;
  #copyLength = 0;
  #texture = 0;
  /** First position of the source that is not coded yet. */
  #start = 0;

  constructor(references: ReferenceModel, differences: DifferenceCoder, extent: Extent) {
    this.#references = references;
    this.#differences = differences;
    this.#extent = extent;
  }

  /** Walks over `range`; gives where it stopped in the source's buffer: at `limit`, or behind it where a reference lies across. */
  walk(source: Uint8Array, target: Uint8Array, range: CopyRange, region: Region | undefined): number {
    this.#source = source;
    this.#target = target;
    this.#enter(range, region);
    this.#shift = range.to - range.from;
    this.#targetAddress = range.targetAddress;
    this.#copyAddress = range.copyAddress;
    this.#copyLength = range.copyLength;
    this.#texture = textureOf(region);
    this.#start = range.from;
    const stop =
      region === undefined
        ? range.limit
        : scanReferences(source, range, { region, extent: this.#extent, registers: this.#registers }, this);
    this.#run(stop);
    this.#nextSource = (range.address + stop) | 0;
    this.#nextTarget = (range.targetAddress + stop + this.#shift) | 0;
    return stop;
  }

  /** The writer walks at once what the reader walks in parts: so registers are kept where the code goes on, and only there. */
  #enter({ from, to, address, targetAddress }: CopyRange, region: Region | undefined): void {
    const goesOn =
      region === this.#region &&
      ((address + from) | 0) === this.#nextSource &&
      ((targetAddress + to) | 0) === this.#nextTarget;
    if (!goesOn) this.#registers.forgetAll();
    this.#region = region;
  }

  reference(form: ReferenceForm, at: number, address: number, page = 0): number {
    this.#run(at);
    const place = at + this.#shift;
    const origin = form.origin === FROM_PAGE ? page : this.#originOf(form, place);
    const still = (form.read(this.#source, at, origin) - address) | 0;
    const actual = (form.read(this.#target, place, origin) - address) | 0;
    const inside = form.kind < BRANCHES && (address - this.#copyAddress) >>> 0 < this.#copyLength;
    const moved =
      inside && this.#references.staysInside(form.kind, actual === still)
        ? still
        : this.#references.code(form, address, still, actual);
    if (form.whole) form.write(this.#target, place, origin, (address + moved) | 0);
    else this.#rest(form, at, origin, (address + moved) | 0);
    this.#start = at + form.size;
    return (address + moved) | 0;
  }

  #originOf(form: ReferenceForm, place: number): number {
    if (form.origin === FROM_ITSELF) return (this.#targetAddress + place) | 0;
    return form.origin === FROM_BASE ? (this.#region?.targetBase ?? 0) : 0;
  }

  /** The bits that the address leaves open: what differs from the source's once that names the new address. */
  #rest(form: ReferenceForm, at: number, origin: number, address: number): void {
    const place = at + this.#shift;
    this.#scratch.fill(0);
    for (let index = 0; index < form.size; index += 1)
      this.#scratch[BYTES_BEFORE + index] = this.#source[at + index] as number;
    form.write(this.#scratch, BYTES_BEFORE, origin, address);
    this.#differences.patch(this.#scratch, this.#target, place, form.size, this.#texture);
  }

  #run(end: number): void {
    const count = end - this.#start;
    if (count > 0)
      this.#differences.run(
        this.#source,
        this.#start,
        this.#target,
        this.#start + this.#shift,
        count,
        this.#texture,
      );
  }
}

function textureOf(region: Region | undefined): number {
  if (region === undefined) return 0;
  return region.kind === 'words' ? 2 : 1;
}
