// Random histories of a repository, honest and hostile, with two devices that come by: ours and one with tuf-js. Both always come to
// the same verdict, and trust the same versions.
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
  const verdicts = { accepted: 0, refused: 0 };
  for (let seed = 0; seed < HISTORIES; seed++) {
    const { accepted, refused } = await liveThrough(seed);
    verdicts.accepted += accepted;
    verdicts.refused += refused;
  }
  expect(verdicts.accepted).toBeGreaterThan((HISTORIES * VISITS) / 4);
  expect(verdicts.refused).toBeGreaterThan((HISTORIES * VISITS) / 4);
});

async function liveThrough(seed: number): Promise<{ accepted: number; refused: number }> {
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
  const counts = { accepted: 0, refused: 0 };
  for (let visit = 0; visit < VISITS; visit++) {
    const deed = doSomething(repo, random);
    ours.now += random.oneIn(4) ? DAY : 0;
    theirs.now = ours.now;
    story.push(deed.what);
    const [our, their] = [await ours.download('file'), await theirs.download('file')];
    const about = `${seed}: ${story.join(', ')} (${our.ok ? 'accepted' : our.code})`;
    expect({ ok: our.ok, versions: versionsOf(ours) }, about).toEqual({
      ok: their.ok,
      versions: versionsOf(theirs),
    });
    expect(ours.artifacts(), about).toEqual(theirs.artifacts());
    counts[our.ok ? 'accepted' : 'refused']++;
    deed.mend?.();
  }
  return counts;
}
