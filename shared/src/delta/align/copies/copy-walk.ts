import type { DifferenceCoder } from '../difference-coder.ts';
import { BYTES_BEFORE, BYTES_BEHIND } from '../difference-model.ts';
import { PageRegisters } from '../references/page-registers.ts';
import {
  type Extent,
  FROM_BASE,
  FROM_ITSELF,
  FROM_PAGE,
  REFERENCE_SIZE,
  type ReferenceForm,
  type ReferenceVisitor,
  read32,
  type ScanRange,
  write32,
} from '../references/reference-form.ts';
import { BRANCHES, type ReferenceModel } from '../references/reference-model.ts';
import type { Region } from '../references/region.ts';
import { scanReferences } from '../references/scan-references.ts';

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
  readonly #scratch = new Uint8Array(BYTES_BEFORE + REFERENCE_SIZE + BYTES_BEHIND);
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
  /** From a byte's address in the source to the one in the target. */
  #moved = 0;
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
    this.#moved = (range.targetAddress + this.#shift - range.address) | 0;
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
    this.#start = at + REFERENCE_SIZE;
    return form.whole ? this.#number(form, at, address) : this.#field(form, at, address, page);
  }

  /** A reference that is a number goes up by as much as what it names moves away from its origin. */
  #number(form: ReferenceForm, at: number, address: number): number {
    const place = at + this.#shift;
    const before = read32(this.#source, at);
    const still = this.#movedBy(form);
    const actual = (read32(this.#target, place) - before + still) | 0;
    const moved = this.#code(form, address, still, actual);
    if (moved !== still) write32(this.#target, place, (before + moved - still) | 0);
    return (address + moved) | 0;
  }

  /** A reference that is a field of an instruction: the other bits may change, too. */
  #field(form: ReferenceForm, at: number, address: number, page: number): number {
    const place = at + this.#shift;
    const origin = form.origin === FROM_PAGE ? page : (this.#targetAddress + place) | 0;
    const still = (form.read(this.#source, at, origin) - address) | 0;
    const actual = (form.read(this.#target, place, origin) - address) | 0;
    const named = (address + this.#code(form, address, still, actual)) | 0;
    const scratch = this.#scratch;
    for (let index = 0; index < REFERENCE_SIZE; index += 1)
      scratch[BYTES_BEFORE + index] = this.#source[at + index] as number;
    form.write(scratch, BYTES_BEFORE, origin, named);
    this.#differences.patch(scratch, this.#target, place, REFERENCE_SIZE, this.#texture);
    return named;
  }

  #code(form: ReferenceForm, address: number, still: number, actual: number): number {
    const inside = form.kind < BRANCHES && (address - this.#copyAddress) >>> 0 < this.#copyLength;
    return inside && this.#references.staysInside(form.kind, actual === still)
      ? still
      : this.#references.code(form, address, still, actual);
  }

  /** How far the origin of `form` moves. */
  #movedBy({ origin }: ReferenceForm): number {
    if (origin === FROM_ITSELF) return this.#moved;
    if (origin !== FROM_BASE || this.#region === undefined) return 0;
    return (this.#region.targetBase - this.#region.sourceBase) | 0;
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
