import { type Below, type Image, ModelDisk, randomImage } from '../model/index.ts';
import type { BrokenCut } from './explore-cuts.ts';
import { FAULTS, faultyDisk } from './faulty-disk.ts';
import { Judge } from './judge.ts';
import { type Moment, momentsOf, watchMoments } from './moments.ts';
import { recover } from './run-client.ts';
import { clientOn, endsOf, type Scenario } from './scenario.ts';

export interface RandomCutOptions {
  readonly count: number;
  readonly below: Below;
  readonly onTry?: (broken: boolean) => void;
}

export interface RandomCutReport {
  readonly tried: number;
  /** Cuts, and errors during recovery, in all tries. */
  readonly cuts: number;
  readonly recovered: number;
  readonly broken: readonly BrokenCut[];
}

/** What may come between a cut and a recovery that nothing disturbs, any number of times. */
const DISTURBANCES = ['cut', 'cut', 'error', 'none', 'none', 'none'] as const;

/**
 * Cuts the scenario at random moments, each leaving one of the possible disks at random. Sometimes recovery is cut as well, or
 * meets an error.
 */
export async function cutAtRandom(
  scenario: Scenario,
  { count, below, onTry }: RandomCutOptions,
): Promise<RandomCutReport> {
  const ends = await endsOf(scenario);
  const judge = new Judge(scenario, ends);
  // What an error has kept from being kept for going back is fetched again then.
  const mildJudge = new Judge({ ...scenario, back: undefined }, { ...ends, back: undefined });
  const moments = await momentsOf(scenario);
  const broken: BrokenCut[] = [];
  let cuts = 0;
  for (let i = 0; i < count; i++) {
    const texts: string[] = [];
    const first = cut(moments, below, texts);
    if (first === undefined) continue;
    const left = await disturb(first.image, { scenario, judge, below, texts });
    cuts += texts.length;
    const { end, faults } = await (left.metError ? mildJudge : judge).judge(left.image);
    const lies = first.isDone && end === 'old' ? ['the command had said that it is done'] : [];
    const all = [...faults, ...lies];
    if (all.length > 0) broken.push({ cuts: texts, image: i, faults: all });
    onTry?.(all.length > 0);
  }
  return { tried: count, cuts, recovered: judge.recovered + mildJudge.recovered, broken };
}

interface Disturbing {
  readonly scenario: Scenario;
  readonly judge: Judge;
  readonly below: Below;
  readonly texts: string[];
}

/** Recovers from an image over and over, until nothing disturbs that; gives what is left before the last time. */
async function disturb(
  image: Image,
  { scenario, judge, below, texts }: Disturbing,
): Promise<{ readonly image: Image; readonly metError: boolean }> {
  let metError = false;
  for (let left = image; ; ) {
    const disturbance = DISTURBANCES[below(DISTURBANCES.length)] ?? 'none';
    if (disturbance === 'none') return { image: left, metError };
    if (disturbance === 'cut') {
      const recovery: Moment[] = [];
      await judge.judge(left, (disk) => watchMoments(disk, recovery));
      left = cut(recovery, below, texts)?.image ?? left;
    } else {
      left = await failToRecover(left, { scenario, below, texts });
      metError = true;
    }
  }
}

async function failToRecover(
  image: Image,
  { scenario, below, texts }: Omit<Disturbing, 'judge'>,
): Promise<Image> {
  const disk = new ModelDisk(image);
  const fault = FAULTS[below(FAULTS.length)] ?? 'EIO';
  const at = below(CALLS);
  texts.push(`${fault} at call ${at}`);
  // How it fails is the business of the proof of errors.
  await recover(clientOn(scenario, faultyDisk(disk, at, fault).disk)).catch(() => {});
  return disk.image();
}

/** About as many calls as a recovery makes. */
const CALLS = 120;

function cut(
  moments: readonly Moment[],
  below: Below,
  texts: string[],
): { readonly image: Image; readonly isDone: boolean } | undefined {
  const number = below(moments.length);
  const moment = moments[number];
  if (moment === undefined) return undefined;
  texts.push(`${number} ${moment.text}`);
  return { image: randomImage(moment.state, below), isDone: moment.isDone };
}
