import { type BitCoder, bitModels } from '../coding/bit-coder.ts';
import type { AddressMap } from './address-map.ts';
import type { ReferenceForm } from './reference-form.ts';
import { SurpriseModel } from './surprise-model.ts';

/** Neighbourhoods of 2^12 addresses, and slots for what was learned of them. */
const NEAR_SHIFT = 12;
const NEAR_BITS = 13;

/** Classes of calls and jumps come first: what they name within their own copy moves with them. */
export const BRANCHES = 3;
/** Most classes of references that are predicted apart. */
export const CLASSES = 17;

/** What a shift is foreseen by. */
const BY_NEIGHBOURHOOD = 0;
const BY_COPY = 1;
const BY_CLASS = 2;
const CONTEXTS = 3;
const HISTORIES = 8;

/** Where a reference points, and the shifts that it may have. */
interface Choice {
  readonly address: number;
  readonly best: number;
  readonly other: number;
  readonly still: number;
  /** The one that it has; the writer's. */
  readonly actual: number;
}

/**
 * Codes where references of the target point: how far the place that a reference of the source names has moved. Each reference
 * teaches for the next ones, so writer and reader have to see the same references in the same order.
 */
export class ReferenceModel {
  readonly #map: AddressMap;
  readonly #coder: BitCoder;
  /** By slot: which neighbourhood it is of, its last shift, and whether the last two were foreseen wrongly. */
  readonly #neighbourhoods = new Int32Array(2 ** NEAR_BITS).fill(-1);
  readonly #shifts = new Int32Array(2 ** NEAR_BITS);
  readonly #histories = new Uint8Array(2 ** NEAR_BITS);
  /** By class: the last shift, whether it was foreseen wrongly, and whether the last two left their copy. */
  readonly #last = new Int32Array(CLASSES);
  readonly #wrong = new Uint8Array(CLASSES);
  readonly #strayed = new Uint8Array(CLASSES);
  readonly #inside = bitModels(CLASSES * 4);
  readonly #first = bitModels(CLASSES * CONTEXTS * 2 * HISTORIES);
  readonly #second = bitModels(CLASSES * CONTEXTS * 2 * HISTORIES);
  readonly #third = bitModels(CLASSES * CONTEXTS * 2 * HISTORIES);
  readonly #surprises: SurpriseModel;

  constructor(coder: BitCoder, map: AddressMap) {
    this.#coder = coder;
    this.#surprises = new SurpriseModel(coder, CLASSES);
    this.#map = map;
  }

  /** Whether a reference to a place within its own copy goes along with it, as nearly all do: nothing is learned from these. */
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
    const near = (address ^ Math.imul(space, 0x9e3779b1)) >>> NEAR_SHIFT;
    const slot = Math.imul(near + 1, 0x85ebca6b) >>> (32 - NEAR_BITS);
    const last = this.#last[kind] as number;
    let best = last;
    let context = BY_CLASS;
    if (this.#neighbourhoods[slot] === near) {
      best = this.#shifts[slot] as number;
      context = BY_NEIGHBOURHOOD;
    } else if (space === 0) {
      const mapped = this.#map.shiftOf(address);
      if (this.#map.covered) {
        best = mapped;
        context = BY_COPY;
      }
    }
    const history = this.#histories[slot] as number;
    const foreseen = (kind * CONTEXTS + context) * 2 + (best === still ? 1 : 0);
    const at = foreseen * HISTORIES + history * 2 + (this.#wrong[kind] as number);
    const wrong = this.#coder.bit(this.#first, at, actual === best ? 0 : 1);
    let shift = best;
    if (wrong === 1) {
      const other = context === BY_COPY || space !== 0 ? last : this.#map.shiftOf(address);
      shift = this.#choose(kind, at, { address, best, other, still, actual });
    }
    if (context !== BY_NEIGHBOURHOOD || wrong === 1) {
      this.#neighbourhoods[slot] = near;
      this.#shifts[slot] = shift;
    }
    this.#histories[slot] = ((history << 1) | wrong) & 3;
    this.#wrong[kind] = wrong;
    this.#last[kind] = shift;
    this.#surprises.remember(kind, (address + shift) | 0);
    return shift;
  }

  #choose(kind: number, at: number, { address, best, other, still, actual }: Choice): number {
    const coder = this.#coder;
    if (still !== best && coder.bit(this.#second, at, actual === still ? 0 : 1) === 0) return still;
    if (other !== best && other !== still && coder.bit(this.#third, at, actual === other ? 0 : 1) === 0)
      return other;
    return (this.#surprises.code(kind, (address + best) | 0, (address + actual) | 0) - address) | 0;
  }
}
