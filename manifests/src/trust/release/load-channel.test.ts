import { publicKeyOf } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { ed25519Key } from '../keys/key.ts';
import type { DelegationInput } from '../metadata/delegation.ts';
import { signEnvelope } from '../metadata/envelope.ts';
import { snapshotFields } from '../metadata/snapshot.ts';
import { targetsFields } from '../metadata/targets.ts';
import { timestampFields } from '../metadata/timestamp.ts';
import { delegatedKey } from '../trusted-set/trusted-set.ts';
import { refreshTrust } from '../workflow/refresh-trust.ts';
import { EXPIRES, SEEDS, TestChain, TIME } from '../workflow/test-chain.ts';
import { driveTrust, type TrustRun } from '../workflow/trust-run.ts';
import { buildKeys, type ChannelPage, loadChannel, loadOlderPage } from './load-channel.ts';

const KEY = ed25519Key(publicKeyOf(SEEDS.targets));
const MOM = { length: 1, hashes: { sha256: '0'.repeat(64) } };

interface Page {
  readonly targets?: readonly string[];
  readonly delegations?: readonly DelegationInput[];
}

function to(name: string, paths: readonly string[] = ['stable/*/mom']): DelegationInput {
  return { name, keys: [KEY], threshold: 1, paths, terminating: false };
}

/** A repository with these roles, all of one key. */
function publish(pages: Readonly<Record<string, Page>>): TestChain {
  const chain = new TestChain();
  const meta = Object.fromEntries(
    Object.entries(pages).map(([role, { targets = [], delegations = [] }]) => {
      const fields = { version: 1, expires: EXPIRES, delegations };
      const files = Object.fromEntries(targets.map((path) => [path, MOM]));
      const bytes = signEnvelope(targetsFields({ ...fields, targets: files }), [SEEDS.targets]);
      chain.files.set(`1.${role}.json`, bytes);
      return [role, { version: 1, bytes }];
    }),
  );
  const snapshot = signEnvelope(snapshotFields({ version: 1, expires: EXPIRES, meta }), [SEEDS.snapshot]);
  chain.files.set('1.snapshot.json', snapshot);
  const named = { version: 1, expires: EXPIRES, snapshot: { version: 1, bytes: snapshot } };
  chain.files.set('timestamp.json', signEnvelope(timestampFields(named), [SEEDS.timestamp]));
  return chain;
}

/** The paths on each page. */
function* readPages(chain: TestChain): TrustRun<string[][]> {
  const set = yield* refreshTrust({ root: chain.root, clock: TIME });
  const pages: string[][] = [];
  let page: ChannelPage | undefined = yield* loadChannel(set, 'stable');
  while (page !== undefined) {
    pages.push([...page.page.targets.keys()]);
    page = yield* loadOlderPage(page.set, 'stable', page);
  }
  return pages;
}

function pagesOf(chain: TestChain): string[][] {
  return driveTrust(readPages(chain), chain.answer);
}

describe('pages', () => {
  test('come one after the other, the newest first', () => {
    const chain = publish({
      targets: { delegations: [to('build', []), to('stable')] },
      stable: { targets: ['stable/30/mom'], delegations: [to('beta.1'), to('stable.2')] },
      'stable.2': { targets: ['stable/20/mom'], delegations: [to('stable.1')] },
      'stable.1': { targets: ['stable/10/mom'] },
    });
    expect(pagesOf(chain)).toEqual([['stable/30/mom'], ['stable/20/mom'], ['stable/10/mom']]);
  });

  test('have only what each delegation on the way to them covers', () => {
    const chain = publish({
      targets: { delegations: [to('stable', ['stable/?0/mom'])] },
      stable: {
        targets: ['stable/30/mom', 'stable/100/mom', 'beta/30/mom'],
        delegations: [to('stable.1', ['stable/1*/mom'])],
      },
      'stable.1': { targets: ['stable/10/mom', 'stable/100/mom', 'stable/20/mom'] },
    });
    expect(pagesOf(chain)).toEqual([['stable/30/mom'], ['stable/10/mom']]);
  });

  test('are trusted for the one that delegates to them', () => {
    const chain = publish({
      targets: { delegations: [to('stable')] },
      stable: { delegations: [to('stable.2')] },
      'stable.2': { delegations: [to('stable.1')] },
      'stable.1': {},
    });
    let page = driveTrust(
      (function* () {
        return yield* loadChannel(yield* refreshTrust({ root: chain.root, clock: TIME }), 'stable');
      })(),
      chain.answer,
    );
    for (let step = 0; step < 2; step++)
      page = driveTrust(loadOlderPage(page.set, 'stable', page), chain.answer) ?? page;
    expect([...page.set.delegated.keys()]).toEqual([
      delegatedKey('targets', 'stable'),
      delegatedKey('stable', 'stable.2'),
      delegatedKey('stable.2', 'stable.1'),
    ]);
  });

  test('that go round in a circle end with a code', () => {
    const chain = publish({
      targets: { delegations: [to('stable')] },
      stable: { delegations: [to('stable.1')] },
      'stable.1': { delegations: [to('stable.1')] },
    });
    expect(() => pagesOf(chain)).toThrow(expect.objectContaining({ code: 'metadata-limit' }));
  });

  test.each([
    [31, true],
    [32, false],
  ])('are followed up to the limit: %d older ones', (count, isFine) => {
    const older = Array.from({ length: count }, (_, i) => `stable.${i + 1}`);
    const chain = publish({
      targets: { delegations: [to('stable')] },
      stable: { delegations: [to('stable.1')] },
      ...Object.fromEntries(
        older.map((name, i) => [name, { delegations: i + 1 < count ? [to(`stable.${i + 2}`)] : [] }]),
      ),
    });
    if (isFine) expect(pagesOf(chain)).toHaveLength(count + 1);
    else expect(() => pagesOf(chain)).toThrow(expect.objectContaining({ code: 'metadata-limit' }));
  });
});

describe('a channel that offers nothing', () => {
  const load = (chain: TestChain, channel: string) =>
    driveTrust(
      (function* () {
        return yield* loadChannel(yield* refreshTrust({ root: chain.root, clock: TIME }), channel);
      })(),
      chain.answer,
    );

  test.each([
    ['is not delegated to', 'nightly'],
    ['has no metadata', 'beta'],
    ['is the role of the build keys', 'build'],
  ])('because it %s', (_, channel) => {
    const chain = publish({
      targets: { delegations: [to('build', []), to('beta'), to('stable')] },
      stable: {},
      build: {},
    });
    expect(() => load(chain, channel)).toThrow(
      expect.objectContaining({ code: 'no-channel', details: { role: channel, channels: ['stable'] } }),
    );
  });
});

test('a repository has to name its build keys', () => {
  const keysOf = (chain: TestChain) =>
    buildKeys(driveTrust(refreshTrust({ root: chain.root, clock: TIME }), chain.answer));
  expect(keysOf(publish({ targets: { delegations: [to('build', [])] } })).threshold).toBe(1);
  expect(() => keysOf(publish({ targets: {} }))).toThrow(
    expect.objectContaining({ code: 'bad-metadata', details: { role: 'targets' } }),
  );
});
