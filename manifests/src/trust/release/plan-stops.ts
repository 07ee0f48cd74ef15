import type { Offer } from './offer.ts';

type Stop = Pick<Offer, 'version' | 'minFrom' | 'barrier'>;

/**
 * The builds that lead from build `from` to the offered build `to`, which is the last: as few as can be, none of which leaves out
 * a barrier or is entered from below its `minFrom`. Undefined where these offers lead nowhere.
 *
 * From each build it goes as far as it can. That is never worse: a later build may enter whatever an earlier one may.
 */
export function planStops(offers: readonly Stop[], from: number, to: number): readonly number[] | undefined {
  const ahead = offers
    .filter(({ version }) => version > from && version <= to)
    .sort((a, b) => a.version - b.version);
  if (ahead.at(-1)?.version !== to) return undefined;
  const stops: number[] = [];
  let at = from;
  while (at < to) {
    const next = furthest(ahead, at);
    if (next === undefined) return undefined;
    stops.push(next);
    at = next;
  }
  return stops;
}

/** The last build up to the next barrier that can be entered from build `at`. */
function furthest(ahead: readonly Stop[], at: number): number | undefined {
  let found: number | undefined;
  for (const { version, minFrom = 0, barrier } of ahead) {
    if (version <= at) continue;
    if (minFrom <= at) found = version;
    if (barrier) break;
  }
  return found;
}
