import { releaseBuffer } from '../../../release-bytes.ts';
import { type BitCoder, bitModels } from '../coding/bit-coder.ts';
import type { AddressMap } from './address-map.ts';
import type { ReferenceForm } from './reference-form.ts';
import { SurpriseModel } from './surprise-model.ts';

/** Slots of what was learned from references before: single addresses, and neighbourhoods of 2^8 addresses. */
const EXACT_BITS = 18;
const NEAR_BITS = 14;
const NEAR_SHIFT = 8;

const NOTHING = new Int32Array(0);

/** Classes of calls and jumps come first: what they name within their own copy moves with them. */
export const BRANCHES = 3;
/** Most classes of references that are predicted apart. */
export const CLASSES = 17;
const CONTEXTS = 8;

/** Shifts that a reference to `address` may have, and in the writer the one that it has. */
interface Candidates {
  readonly address: number;
  readonly best: number;
  readonly other: number;
  readonly still: number;
  readonly actual: number;
}

/**
 * Codes where references of the target point: how far the place that a reference of the source names has moved. Each reference
 * teaches for the next ones, so writer and reader have to see the same references in the same order.
 */
export class ReferenceModel {
  readonly #map: AddressMap;
  readonly #coder: BitCoder;
  /** Two megabytes that most deltas never need: made with the first reference. */
  /** Keys and shifts in turn. */
  #exact = NOTHING;
  #near = NOTHING;
  readonly #last = new Int32Array(CLASSES);
  readonly #wrong = new Uint8Array(CLASSES);
  readonly #strayed = new Uint8Array(CLASSES);
  readonly #inside = bitModels(CLASSES * 4);
  readonly #first = bitModels(CLASSES * CONTEXTS * 16);
  readonly #second = bitModels(CLASSES * CONTEXTS * 16);
  readonly #third = bitModels(CLASSES * CONTEXTS * 16);
  readonly #surprises: SurpriseModel;

  constructor(coder: BitCoder, map: AddressMap) {
    this.#coder = coder;
    this.#surprises = new SurpriseModel(coder, CLASSES);
    this.#map = map;
  }

  /**
   * Whether a reference to a place within its own copy goes along with it, as nearly all do: nothing is learned from these, and the
   * tables are left alone.
   */
  staysInside(kind: number, stays: boolean): boolean {
    const history = this.#strayed[kind] as number;
    const strays = this.#coder.bit(this.#inside, kind * 4 + history, stays ? 0 : 1);
    this.#strayed[kind] = ((history << 1) | strays) & 3;
    return strays === 0;
  }

  /**
   * The shift (target's address minus source's, 32 bits) of a reference to `address`. `still` is the shift with which the bytes of
   * the reference stay as they are; `actual` is the writer's.
   */
  code({ kind, space }: ReferenceForm, address: number, still: number, actual: number): number {
    if (this.#exact === NOTHING) this.#remember();
    const key = (address ^ Math.imul(space, 0x9e3779b1)) | 0;
    const exact = 2 * (Math.imul(key, 0x9e3779b1) >>> (32 - EXACT_BITS));
    const near = 2 * (Math.imul((key >>> NEAR_SHIFT) + 1, 0x85ebca6b) >>> (32 - NEAR_BITS));
    const learned = this.#exact[exact] === ~key;
    const neighbour = this.#near[near] === ~(key >>> NEAR_SHIFT);
    const mapped = space === 0 ? this.#map.shiftOf(address) : 0;
    const covered = space === 0 && this.#map.covered;
    const exactShift = this.#exact[exact + 1] as number;
    const nearShift = neighbour ? (this.#near[near + 1] as number) : (this.#last[kind] as number);
    let best: number;
    let other: number;
    let context: number;
    if (learned) {
      best = exactShift;
      other = covered ? mapped : nearShift;
      context = covered ? (mapped === best ? 0 : 1) : 2;
    } else if (covered) {
      best = mapped;
      other = nearShift;
      context = neighbour ? (nearShift === best ? 3 : 4) : 5;
    } else {
      best = nearShift;
      other = space === 0 ? mapped : (this.#last[kind] as number);
      context = neighbour ? 6 : 7;
    }
    const history = this.#wrong[kind] as number;
    const at = ((kind * CONTEXTS + context) * 2 + (best === still ? 1 : 0)) * 4 + (history & 3);
    const foretold = this.#coder.bit(this.#first, at, actual === best ? 0 : 1) === 0;
    const shift = foretold ? best : this.#choose(kind, at, { address, best, other, still, actual });
    this.#wrong[kind] = ((history << 1) | (shift === best ? 0 : 1)) & 0xff;
    this.#exact[exact] = ~key;
    this.#exact[exact + 1] = shift;
    this.#near[near] = ~(key >>> NEAR_SHIFT);
    this.#near[near + 1] = shift;
    this.#last[kind] = shift;
    this.#surprises.remember(kind, (address + shift) | 0);
    return shift;
  }

  /** Gives the memory of the tables back; the model can't be used after. */
  release(): void {
    releaseBuffer(this.#exact);
    releaseBuffer(this.#near);
  }

  #remember(): void {
    this.#exact = new Int32Array(2 * 2 ** EXACT_BITS);
    this.#near = new Int32Array(2 * 2 ** NEAR_BITS);
  }

  #choose(kind: number, at: number, { address, best, other, still, actual }: Candidates): number {
    const coder = this.#coder;
    if (still !== best && coder.bit(this.#second, at, actual === still ? 0 : 1) === 0) return still;
    if (other !== best && other !== still && coder.bit(this.#third, at, actual === other ? 0 : 1) === 0)
      return other;
    return (this.#surprises.code(kind, (address + best) | 0, (address + actual) | 0) - address) | 0;
  }
}
