import type { Check } from './check.ts';
import type { Cost, TimedDelta } from './timed-pairs.ts';

/** What was timed: every method on some pairs. */
export interface Times {
  /** Bytes of a bare process of Node. */
  readonly bare: number;
  readonly timed: readonly TimedDelta[];
}

const OURS = 'ours';
/** Of a delta that mostly copies, as a share of the new file. */
const MOSTLY_COPIED = 0.02;
const RATE = { usual: 150, copied: 300 };
const DECODER_MEMORY = 64;

/** Our processor time and memory against bsdiff's, over all timed pairs together; and what a decoder may take of a device. */
export function timeChecks({ bare, timed }: Times): Check[] {
  const ours = timed.filter(({ method }) => method === OURS);
  const theirs = timed.filter(({ method }) => method === 'bsdiff');
  if (ours.length === 0 || theirs.length === 0) return [];
  const checks: Check[] = [
    {
      figure: 'encoding time against bsdiff',
      measured: seconds(ours, 'encode') / seconds(theirs, 'encode'),
      unit: 'ratio',
      bar: 0.5,
      goal: 0.25,
    },
    {
      figure: 'peak memory of encoding against bsdiff',
      measured: memory(ours, 'encode') / memory(theirs, 'encode'),
      unit: 'ratio',
      bar: 0.5,
    },
    {
      figure: 'decoding time against bspatch',
      measured: seconds(ours, 'decode') / seconds(theirs, 'decode'),
      unit: 'ratio',
      bar: 1,
      goal: 0.5,
    },
    {
      figure: 'decoding memory above a bare process',
      measured: (memory(ours, 'decode') - bare) / 1e6,
      unit: 'MB',
      bar: DECODER_MEMORY,
    },
  ];
  return [...checks, ...ours.map(rateCheck)];
}

function rateCheck({ pair, bytes, rate = 0 }: TimedDelta): Check {
  const copied = bytes / pair.to.size < MOSTLY_COPIED;
  return {
    figure: `decoding rate of ${pair.name}`,
    measured: rate / 1e6,
    unit: 'MB/s',
    rising: true,
    bar: copied ? RATE.copied : RATE.usual,
  };
}

function seconds(timed: readonly TimedDelta[], step: 'encode' | 'decode'): number {
  return costs(timed, step).reduce((sum, cost) => sum + cost.processor, 0);
}

/** At the most demanding pair. */
function memory(timed: readonly TimedDelta[], step: 'encode' | 'decode'): number {
  return Math.max(...costs(timed, step).map((cost) => cost.memory));
}

function costs(timed: readonly TimedDelta[], step: 'encode' | 'decode'): Cost[] {
  return timed.map((item) => item[step]);
}
