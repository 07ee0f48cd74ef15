// Random mutations of metadata: our client and that of tuf-js give the same verdict, or the table of differences says why ours is
// stricter. It is never more lenient.
import { PRODUCTION } from '@swupd/manifests/trust';
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { SimClient, type SimNetwork } from '../client/sim-client.ts';
import type { Outcome } from '../client/tuf-client.ts';
import { START } from '../tuf-case.ts';
import { DIFFERENCES, differenceFor } from './differences.ts';
import { draftNetwork, publishDraft } from './draft.ts';
import { foundRepository, ROLES, secondGeneration } from './found-repository.ts';
import { mutateMetadata } from './mutate-metadata.ts';
import { TufJsClient } from './tuf-js-client.ts';

/** Each with a seed of its own, the same in every run. */
const MUTATIONS = 5000;
const BATCH = 500;

const found = foundRepository();
let network: SimNetwork = draftNetwork(new Map());
const switched: SimNetwork = {
  fetchMetadata: (name) => network.fetchMetadata(name),
  fetchArtifact: () => undefined,
};
const ours = new SimClient({ network: switched, policy: PRODUCTION, now: START });
const theirs = new TufJsClient({ network: switched, now: START });
const counts = { accepted: 0, refused: 0, explained: new Map<string, number>() };

describe(`${MUTATIONS} mutations`, () => {
  test.each(Array.from({ length: MUTATIONS / BATCH }, (_, index) => index * BATCH))(
    'from seed %i on',
    async (first) => {
      const wrong: string[] = [];
      for (let seed = first; seed < first + BATCH; seed++) wrong.push(...(await compareVerdicts(seed)));
      expect(wrong).toEqual([]);
    },
  );

  test('were of both kinds, and used each line of the table', () => {
    expect(counts.accepted).toBeGreaterThan(MUTATIONS / 5);
    expect(counts.refused).toBeGreaterThan(MUTATIONS * 0.6);
    expect(counts.accepted + counts.refused).toBeGreaterThan(MUTATIONS * 0.85);
    expect([...counts.explained.keys()].sort()).toEqual(DIFFERENCES.map(({ rule }) => rule).sort());
  });

  afterAll(() => theirs[Symbol.asyncDispose]());
});

/** What is wrong with the two verdicts; nothing, where they are the same or the table explains them. */
async function compareVerdicts(seed: number): Promise<string[]> {
  const random = new Random(seed);
  // A device that has seen the generation before, or one that has just its first root.
  const hasSeen = random.oneIn(2);
  const draft = secondGeneration(found, { hashes: random.oneIn(2) });
  const mutation = mutateMetadata(draft, random);
  network = draftNetwork(publishDraft(draft, found.signers, mutation));

  const our = await verdictOf(ours, hasSeen);
  const their = await verdictOf(theirs, hasSeen);
  const isSame =
    our.outcome.ok === their.outcome.ok && our.trusted.every((role) => their.trusted.includes(role));
  if (isSame) counts[our.outcome.ok ? 'accepted' : 'refused']++;
  if (isSame) return [];
  const code = our.outcome.ok ? 'accepted' : (our.outcome.code ?? '');
  const difference = our.outcome.ok ? undefined : differenceFor({ ...mutation, code });
  if (difference !== undefined) {
    counts.explained.set(difference.rule, (counts.explained.get(difference.rule) ?? 0) + 1);
    return [];
  }
  return [
    `${seed}: ${mutation.role} ${mutation.what}: ${code}, ${our.trusted}; theirs ${their.outcome.ok}, ${their.trusted}`,
  ];
}

interface Verdict {
  readonly outcome: Outcome;
  /** Roles of which the second generation is trusted now. */
  readonly trusted: readonly string[];
}

async function verdictOf(client: SimClient | TufJsClient, hasSeen: boolean): Promise<Verdict> {
  await client.init(found.first.root);
  if (hasSeen) for (const role of ROLES) client.plant(role, found.first[role]);
  const outcome = await client.find('file');
  const stored = client.trusted();
  const trusted = ROLES.filter((role) => !found.first[role].equals(stored.get(role) ?? found.first[role]));
  return { outcome, trusted };
}
