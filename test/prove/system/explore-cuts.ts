import { type Below, fingerprint, type Image, images, listImage, type ModelDisk } from '../model/index.ts';
import { type End, Judge } from './judge.ts';
import { type Moment, momentsOf, watchMoments } from './moments.ts';
import { type Ends, endsOf, type Scenario } from './scenario.ts';

export interface CutOptions {
  /** Images for each operation of the command. */
  readonly max: number;
  /** Whether all corner ones come on top. */
  readonly corners: boolean;
  /** Images for each operation of a recovery. */
  readonly laterMax: number;
  /** Cuts one after the other: 2 is one during the command, and one during the recovery from it. */
  readonly depth: number;
  readonly below: Below;
  /** Enough broken ones to stop at. */
  readonly enough?: number;
  /** Told of each image. */
  readonly onImage?: (broken: boolean) => void;
}

export interface CutReport {
  /** Operations after which the power was cut. */
  readonly operations: number;
  /** Disks that cuts have left, all of which recovery was tried on. */
  readonly images: number;
  /** Of these, the ones after a cut during recovery. */
  readonly laterImages: number;
  readonly recovered: number;
  readonly ends: { readonly old: number; readonly new: number };
  readonly broken: readonly BrokenCut[];
}

export interface BrokenCut {
  /** The operations after which the power was cut, the one during the command first. */
  readonly cuts: readonly string[];
  /** Which of the images of the last cut. */
  readonly image: number;
  readonly faults: readonly string[];
}

/** A disk that cuts have left. */
interface Left {
  readonly image: Image;
  readonly cuts: readonly string[];
  readonly number: number;
  /** What a command has said, before the last of the cuts. */
  readonly promised: End | undefined;
}

/** Cuts a scenario after each of its operations, and judges each disk that may be left; the same disk only once. */
export async function exploreCuts(scenario: Scenario, options: CutOptions): Promise<CutReport> {
  const ends = await endsOf(scenario);
  return new Exploration(scenario, ends, options).run();
}

class Exploration {
  readonly #scenario: Scenario;
  readonly #options: CutOptions;
  readonly #judge: Judge;
  /** How many cuts it took at least to leave a disk. */
  readonly #seen = new Map<string, number>();
  readonly #broken: BrokenCut[] = [];
  readonly #ends = { old: 0, new: 0 };
  #laterImages = 0;

  constructor(scenario: Scenario, ends: Ends, options: CutOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#judge = new Judge(scenario, ends);
  }

  async run(): Promise<CutReport> {
    const moments = await momentsOf(this.#scenario);
    await this.#follow(moments, { cuts: [], promised: undefined }, 'new');
    return {
      operations: moments.length,
      images: this.#seen.size,
      laterImages: this.#laterImages,
      recovered: this.#judge.recovered,
      ends: this.#ends,
      broken: this.#broken,
    };
  }

  /** Cuts at each of the moments, and in each recovery from that. What is done has ended in `end`. */
  async #follow(
    moments: readonly Moment[],
    before: Pick<Left, 'cuts' | 'promised'>,
    end: End | undefined,
  ): Promise<void> {
    const { max, corners, laterMax, below, depth } = this.#options;
    const level = before.cuts.length + 1;
    const choice = level === 1 ? { max, corners, below } : { max: laterMax, corners: false, below };
    for (const [i, { text, state, isDone }] of moments.entries()) {
      if (this.#broken.length >= (this.#options.enough ?? Number.POSITIVE_INFINITY)) return;
      let number = 0;
      for (const image of images(state, choice)) {
        number++;
        const promised = isDone ? end : before.promised;
        const key = `${promised} ${fingerprint(listImage(image))}`;
        const known = this.#seen.get(key);
        if (known !== undefined && known <= level) continue;
        this.#seen.set(key, level);
        const left = { image, number, promised, cuts: [...before.cuts, `${i} ${text}`] };
        const recovery = await this.#judgeLeft(left, known === undefined);
        if (level < depth) await this.#follow(recovery.moments, left, recovery.end);
      }
    }
  }

  /** Recovers; gives the moments of that, and where it has ended. */
  async #judgeLeft(
    left: Left,
    isNew: boolean,
  ): Promise<{ moments: readonly Moment[]; end: End | undefined }> {
    const moments: Moment[] = [];
    let watched: ModelDisk | undefined;
    const { end, faults } = await this.#judge.judge(left.image, (disk) => {
      watched = disk;
      if (left.cuts.length < this.#options.depth) watchMoments(disk, moments);
    });
    if (watched !== undefined) moments.push({ text: 'recovered', state: watched.cutState(), isDone: true });
    if (!isNew) return { moments, end };
    const lies =
      left.promised !== undefined && end !== undefined && end !== left.promised
        ? [`it is the ${end} state, and the ${left.promised} one had been reached for good`]
        : [];
    const all = [...faults, ...lies];
    if (end !== undefined) this.#ends[end]++;
    if (left.cuts.length > 1) this.#laterImages++;
    if (all.length > 0) this.#broken.push({ cuts: left.cuts, image: left.number, faults: all });
    this.#options.onImage?.(all.length > 0);
    return { moments, end };
  }
}
