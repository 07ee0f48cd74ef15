// Cases D, 32 and 33: chains of roots. The client starts at the first.
import { describe, expect } from 'vitest';
import type { RepositorySimulator } from '../simulator/repository-simulator.ts';
import type { SimSigner } from '../simulator/sim-signer.ts';
import { expectOk, expectRefused, tufCase, versionsOf } from '../tuf-case.ts';

/** One root: its keys, how many of them must sign, and who signs. Keys are letters. */
type Step = readonly [keys: string, threshold: number, signers: string];

const ACCEPTED: Readonly<Record<string, readonly Step[]>> = {
  'one key to another, signed by both, then by the new one': [
    ['a', 1, 'a'],
    ['b', 1, 'ab'],
    ['b', 1, 'b'],
  ],
  'the same with signatures that nobody asks for': [
    ['a', 1, 'ad'],
    ['b', 1, 'dabc'],
    ['b', 1, 'cbd'],
  ],
  '3 of 5 by changing trios': [
    ['abcde', 3, 'ace'],
    ['abcde', 3, 'abc'],
    ['abcde', 3, 'bde'],
    ['abcde', 3, 'cde'],
  ],
  '3 of 5 with one key exchanged': [
    ['abcde', 3, 'ace'],
    ['fbcde', 3, 'bcd'],
    ['fbcde', 3, 'fbe'],
  ],
  'the same, the exchange signed by old and new': [
    ['abcde', 3, 'ace'],
    ['fbcde', 3, 'abcf'],
    ['fbcde', 3, 'fbe'],
  ],
  'all five exchanged by a step that six sign': [
    ['abcde', 3, 'ace'],
    ['fghij', 3, 'abcfgh'],
    ['fghij', 3, 'hij'],
  ],
  '1 of 3 to 2 of 3': [
    ['abc', 1, 'a'],
    ['abc', 2, 'ab'],
    ['abc', 2, 'bc'],
  ],
  '2 of 3 to 1 of 3': [
    ['abc', 2, 'ab'],
    ['abc', 1, 'bc'],
    ['abc', 1, 'a'],
  ],
  'one key to 2 of 2': [
    ['a', 1, 'a'],
    ['ab', 2, 'ab'],
    ['ab', 2, 'ab'],
  ],
};

/** The last one is refused. */
const REFUSED: Readonly<Record<string, readonly Step[]>> = {
  'not signed by the old key': [
    ['a', 1, 'a'],
    ['b', 1, 'b'],
  ],
  'not signed by the new key': [
    ['a', 1, 'a'],
    ['b', 1, 'a'],
  ],
  'two of the new trio only': [
    ['abcde', 3, 'ace'],
    ['fghij', 3, 'abcfg'],
  ],
  'two of the old trio only': [
    ['abcde', 3, 'ace'],
    ['fghij', 3, 'abfgh'],
  ],
  'a raised threshold that is not reached': [
    ['abc', 1, 'a'],
    ['abc', 2, 'b'],
  ],
  'a lowered threshold, and the old one is not reached': [
    ['abc', 2, 'ab'],
    ['abc', 1, 'c'],
  ],
};

describe('32 root_rotation accepted', () => {
  for (const [name, steps] of Object.entries(ACCEPTED)) {
    tufCase(name, async ({ repo, client }) => {
      publishChain(repo, steps);
      await client.init(repo.bytesOf('root', 1) ?? Buffer.alloc(0));
      expectOk(await client.refresh());
      expect(versionsOf(client)).toMatchObject({ root: steps.length });
    });
  }
});

describe('33 root_rotation refused', () => {
  for (const [name, steps] of Object.entries(REFUSED)) {
    tufCase(name, async ({ repo, client }) => {
      publishChain(repo, steps);
      await client.init(repo.bytesOf('root', 1) ?? Buffer.alloc(0));
      expectRefused(await client.refresh(), 'unsigned-metadata');
      expect(versionsOf(client)).toEqual({ root: steps.length - 1 });
    });
  }
});

function publishChain(repo: RepositorySimulator, steps: readonly Step[]): void {
  const keys = new Map<string, SimSigner>();
  const key = (letter: string): SimSigner => {
    const found = keys.get(letter) ?? repo.newSigner();
    keys.set(letter, found);
    return found;
  };
  repo.rollBack('root');
  for (const [letters, threshold, signers] of steps) {
    repo.dropKeys('root');
    for (const letter of letters) repo.addKey('root', key(letter), { keep: false });
    for (const letter of signers) repo.keepSigner('root', key(letter));
    repo.root.roles.root.threshold = threshold;
    repo.publish(['root']);
  }
}
