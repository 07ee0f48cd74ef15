// 5,000 random mutations of metadata: our client and that of tuf-js give the same verdict and keep the same files, or the table
// of differences says why not.
import { type Json, PRODUCTION } from '@swupd/manifests/trust';
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { SimClient, type SimNetwork } from '../client/sim-client.ts';
import type { Outcome, TufClient } from '../client/tuf-client.ts';
import { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { START } from '../tuf-case.ts';
import { type DraftRepository, draftNetwork, isSignable, publishDraft } from './draft.ts';
import { mutateMetadata } from './mutate-metadata.ts';
import { TufJsClient } from './tuf-js-client.ts';

const COUNT = 5000;
test('x', async () => {
  const { stores, draft, signers, artifact } = prepare();
  let network: SimNetwork = draftNetwork(new Map(), artifact);
  const switched: SimNetwork = {
    fetchMetadata: (name) => network.fetchMetadata(name),
    fetchArtifact: (name) => network.fetchArtifact(name),
  };
  const ours = new SimClient({ network: switched, policy: PRODUCTION, now: START });
  await using theirs = new TufJsClient({ network: switched, now: START });
  const diffs = new Map<string, number>();
  let ok = 0, refused = 0;
  const t0 = performance.now();
  for (let index = 0; index < COUNT; index++) {
    const random = new Random(index);
    const copy: DraftRepository = { signed: structuredClone(draft), hashes: random.oneIn(2) };
    if (copy.hashes) for (const [r, n] of [['timestamp','snapshot'],['snapshot','targets'],['snapshot','role']] as const) { (copy.signed[r].meta as any)[n + '.json'].length = 0; }
    const mutation = mutateMetadata(copy, random);
    if (!Object.values(copy.signed).every(isSignable)) continue;
    const files = publishDraft(copy, signers, mutation);
    network = draftNetwork(files, artifact);
    const seen = random.oneIn(2);
    const verdicts: string[] = [], codes: string[] = [];
    for (const client of [ours, theirs]) {
      await client.init(stores.get('root')!);
      for (const [role, bytes] of stores) client.plant(role, seen || role === 'root' ? bytes : undefined);
      if (!seen) client.plant('role', undefined);
      const outcome: Outcome = await client.download('file');
      codes.push(outcome.ok ? 'ok' : outcome.code ?? '');
      verdicts.push(JSON.stringify([outcome.ok, [...client.trusted()].sort().map(([r, b]) => [r, Buffer.from(b).equals(stores.get(r) ?? Buffer.alloc(0)) ? 'old' : 'new'])]));
    }
    if (verdicts[0] !== verdicts[1]) {
      const k = `${mutation.role} ${mutation.what} | ${codes[0]} | ${codes[1]} ${codes[0] === 'ok' || codes[1] === 'ok' ? '' : verdicts.join(' ')}`;
      diffs.set(k, (diffs.get(k) ?? 0) + 1);
    } else if (verdicts[0]?.startsWith('[true')) ok++; else refused++;
  }
  console.log(performance.now() - t0, ok, refused, diffs.size);
  console.log([...diffs].sort().map(([k, n]) => `${n} ${k}`).join('\n'));
});

function prepare() {
  const repo = new RepositorySimulator({ scheme: 'ed25519', now: START });
  repo.root.product = 'a product';
  repo.timestamp.product = 'a product';
  repo.timestamp.time = repo.day(0);
  repo.rotateKeys('root', 2);
  repo.addDelegation('targets', { name: 'role', paths: ['f*', 'g?'] });
  repo.addArtifact('file', 'content', 'role');
  repo.addArtifact('other', 'content');
  for (const r of ['root', 'timestamp', 'snapshot', 'targets', 'role']) repo.rollBack(r);
  repo.publishAll();
  const stores = new Map(['root', 'timestamp', 'snapshot', 'targets', 'role'].map((role) => [role, repo.bytesOf(role)!]));
  repo.publishAll();
  const draft = structuredClone({ root: repo.root, timestamp: repo.timestamp, snapshot: repo.snapshot, targets: repo.targets, role: repo.targetsOf('role') }) as unknown as DraftRepository['signed'];
  const s = (r: string) => [...repo.signersOf(r).values()];
  const signers = { root: s('root'), timestamp: s('timestamp'), snapshot: s('snapshot'), targets: s('targets'), role: s('role') };
  return { stores, draft, signers, artifact: repo.artifacts.get('file')! };
}
