import { type Below, type Image, randomImage } from '../model/index.ts';
import type { BrokenCut } from './explore-cuts.ts';
import { Judge } from './judge.ts';
import { type Moment, momentsOf, watchMoments } from './moments.ts';
import { endsOf, type Scenario } from './scenario.ts';

export interface RandomCutOptions {
  readonly count: number;
  readonly below: Below;
  readonly onTry?: (broken: boolean) => void;
}

export interface RandomCutReport {
  readonly tried: number;
  /** Cuts in all: some tries cut recovery as well. */
  readonly cuts: number;
  readonly recovered: number;
  readonly broken: readonly BrokenCut[];
}

/** A cut of the recovery follows once in so many times, and another one after that. */
const AGAIN = 3;

/** Cuts the scenario at random moments, each leaving one of the possible disks at random; recovery is sometimes cut as well. */
export async function cutAtRandom(
  scenario: Scenario,
  { count, below, onTry }: RandomCutOptions,
): Promise<RandomCutReport> {
  const judge = new Judge(scenario, await endsOf(scenario));
  const moments = await momentsOf(scenario);
  const broken: BrokenCut[] = [];
  let cuts = 0;
  for (let i = 0; i < count; i++) {
    const texts: string[] = [];
    const first = cut(moments, below, texts);
    let left = first?.image;
    while (left !== undefined && below(AGAIN) === 0) {
      const recovery: Moment[] = [];
      await judge.judge(left, (disk) => watchMoments(disk, recovery));
      left = cut(recovery, below, texts)?.image ?? left;
    }
    if (left === undefined) continue;
    cuts += texts.length;
    const { end, faults } = await judge.judge(left);
    const lies = first?.isDone === true && end === 'old' ? ['the command had said that it is done'] : [];
    const all = [...faults, ...lies];
    if (all.length > 0) broken.push({ cuts: texts, image: i, faults: all });
    onTry?.(all.length > 0);
  }
  return { tried: count, cuts, recovered: judge.recovered, broken };
}

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
