// Random histories of a repository, honest and hostile, with two devices that come by: ours and one with tuf-js. Both come to the
// same verdict, and trust the same versions.
import { PRODUCTION } from '@swupd/manifests/trust';
import { expect, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { SimClient } from '../client/sim-client.ts';
import { DAY } from '../simulator/editable-repository.ts';
import { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { START, versionsOf } from '../tuf-case.ts';
import { doSomething } from './history.ts';
import { TufJsClient } from './tuf-js-client.ts';

const HISTORIES = 150;
const VISITS = 12;

test(`${HISTORIES} histories of ${VISITS} visits`, async () => {
  const all: Counts[] = [];
  for (let seed = 0; seed < HISTORIES; seed++) all.push(await liveThrough(seed));
  const sum = (kind: keyof Counts): number => all.reduce((total, counts) => total + counts[kind], 0);
  expect(sum('accepted')).toBeGreaterThan((HISTORIES * VISITS) / 4);
  expect(sum('refused')).toBeGreaterThan((HISTORIES * VISITS) / 4);
  expect(sum('explained')).toBeLessThan(HISTORIES / 20);
});

interface Counts {
  readonly accepted: number;
  readonly refused: number;
  /** 1 where the history ends at a difference that is known. */
  readonly explained: number;
}

async function liveThrough(seed: number): Promise<Counts> {
  const random = new Random(seed);
  const repo = new RepositorySimulator({ scheme: 'ed25519', now: START });
  const ours = new SimClient({ network: repo, policy: PRODUCTION, now: START });
  await using theirs = new TufJsClient({ network: repo, now: START });
  const root = repo.bytesOf('root', 1) ?? Buffer.alloc(0);
  await ours.init(root);
  await theirs.init(root);
  repo.addDelegation('targets', { name: 'role' });
  repo.addArtifact('file', 'content', 'role');
  repo.publishAll();
  const story: string[] = [];
  /** What has happened since the last visit that went well. */
  let news: string[] = [];
  const counts = { accepted: 0, refused: 0, explained: 0 };
  for (let visit = 0; visit < VISITS; visit++) {
    const deeds = [doSomething(repo, random), ...(random.oneIn(3) ? [doSomething(repo, random)] : [])];
    ours.now += random.oneIn(4) ? DAY : 0;
    theirs.now = ours.now;
    news.push(...deeds.map(({ what }) => what));
    story.push(...news.slice(-deeds.length));
    const [our, their] = [await ours.download('file'), await theirs.download('file')];
    if (our.ok && !their.ok && hasForgotten(news)) return { ...counts, explained: 1 };
    const about = `${seed}: ${story.join(', ')} (${our.ok ? 'accepted' : our.code})`;
    expect({ ok: our.ok, versions: versionsOf(ours) }, about).toEqual({
      ok: their.ok,
      versions: versionsOf(theirs),
    });
    expect(ours.artifacts(), about).toEqual(theirs.artifacts());
    counts[our.ok ? 'accepted' : 'refused']++;
    if (our.ok) news = [];
    for (const { mend } of deeds.reverse()) mend?.();
  }
  return counts;
}

/**
 * The one difference: after new keys for the snapshot, and until it has one that they have signed, ours forgets which snapshot it has
 * seen, as 5.3.11 says. tuf-js waits for new keys of the timestamp.
 */
function hasForgotten(deeds: readonly string[]): boolean {
  return deeds.some((what) => what === 'rotates snapshot' || what === 'begins anew with other keys');
}
