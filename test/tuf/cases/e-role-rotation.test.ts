// Cases E, 34: new keys for the other three roles, which only the root names.
import { describe, expect } from 'vitest';
import type { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { expectOk, expectRefused, tufCase, versionsOf } from '../tuf-case.ts';

/** What the role has after the change: its keys, how many of them must sign, and who signs. `o` is the old key. */
type Change = readonly [keys: string, threshold: number, signers: string];

const ACCEPTED: Readonly<Record<string, Change>> = {
  'the new key alone': ['a', 1, 'a'],
  'signatures that nobody asks for beside it': ['a', 1, 'oab'],
  '3 of 5: first, third, fifth': ['abcde', 3, 'ace'],
  '3 of 5: the first three': ['abcde', 3, 'abc'],
  '3 of 5: the last three': ['abcde', 3, 'cde'],
  '3 of 5: four': ['abcde', 3, 'bcde'],
  '3 of 5: all': ['abcde', 3, 'edcba'],
};

const REFUSED: Readonly<Record<string, Change>> = {
  'not by the new key': ['a', 1, 'o'],
  "three signatures, one of a key that is not the role's": ['abc', 3, 'abd'],
  'two of three': ['abc', 3, 'bc'],
};

const ROLES = ['timestamp', 'snapshot', 'targets'] as const;
type Role = (typeof ROLES)[number];

/** What is stored when the role is refused. */
const BEFORE: Readonly<Record<Role, Record<string, number>>> = {
  timestamp: { root: 2, snapshot: 1, targets: 1, timestamp: 1 },
  snapshot: { root: 2, snapshot: 1, targets: 1, timestamp: 2 },
  targets: { root: 2, snapshot: 2, targets: 1, timestamp: 2 },
};

describe('34 role_rotation accepted', () => {
  for (const [name, change] of Object.entries(ACCEPTED)) {
    for (const role of ROLES) {
      tufCase(`${name}, ${role}`, async ({ repo, client, init }) => {
        await init();
        expectOk(await client.refresh());
        exchangeKeys(repo, role, change);
        expectOk(await client.refresh());
        expect(versionsOf(client)).toEqual({ root: 2, snapshot: 2, targets: 2, timestamp: 2 });
      });
    }
  }
});

describe('34 role_rotation refused', () => {
  for (const [name, change] of Object.entries(REFUSED)) {
    for (const role of ROLES) {
      tufCase(`${name}, ${role}`, async ({ repo, client, init }) => {
        await init();
        expectOk(await client.refresh());
        exchangeKeys(repo, role, change);
        expectRefused(await client.refresh(), 'unsigned-metadata');
        expect(versionsOf(client)).toEqual(BEFORE[role]);
      });
    }
  }
});

function exchangeKeys(repo: RepositorySimulator, role: Role, [keys, threshold, signers]: Change): void {
  const [old = repo.newSigner()] = repo.signersOf(role).values();
  const pairs = new Map([['o', old]]);
  for (const letter of new Set(keys + signers)) if (letter !== 'o') pairs.set(letter, repo.newSigner());
  repo.dropKeys(role);
  for (const letter of keys) repo.addKey(role, pairs.get(letter), { keep: false });
  for (const letter of signers) repo.keepSigner(role, pairs.get(letter) ?? old);
  repo.root.roles[role].threshold = threshold;
  repo.publishAll();
}
