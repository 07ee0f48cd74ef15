// The golden vectors of the trust metadata. The keys are Ed25519 seeds of 32 equal bytes: 01, 02, 03 root and targets, 04
// timestamp, 05 snapshot, 06, 07, 08 release, 09 build. `UPDATE_VECTORS=1` writes the files anew (spec/README.md).
import { readFileSync, writeFileSync } from 'node:fs';
import { publicKeyOf, sha256, toHex } from '@swupd/shared';
import { expect, test } from 'vitest';
import {
  buildKeys,
  canonicalJson,
  channelPaths,
  driveTrust,
  ed25519Key,
  formatMomSignature,
  formatOffer,
  type Json,
  keyIdOf,
  loadChannel,
  offerPath,
  offersOf,
  refreshTrust,
  rootFields,
  signEnvelope,
  signMom,
  snapshotFields,
  targetsFields,
  timestampFields,
  verifyMom,
} from './index.ts';

const VECTORS = new URL('../../spec/vectors/', import.meta.url);
const NEW_YEAR_2026 = 1_767_225_600;
const DAY = 86_400;
const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const keys = (...bytes: number[]): Json[] => bytes.map((byte) => ed25519Key(publicKeyOf(seed(byte))));
const MOM = readFileSync(new URL('mom.txt', VECTORS));
const OFFER = {
  digest: sha256(MOM),
  size: MOM.length,
  minFrom: 10,
  barrier: true,
  urgent: false,
  reason: undefined,
};
const release = { keys: keys(6, 7, 8), threshold: 2 };

const root = signEnvelope(
  rootFields({
    version: 1,
    expires: NEW_YEAR_2026 + 365 * DAY,
    product: 'example-os',
    roles: {
      root: { keys: keys(1, 2, 3), threshold: 2 },
      timestamp: { keys: keys(4), threshold: 1 },
      snapshot: { keys: keys(5), threshold: 1 },
      targets: { keys: keys(1, 2, 3), threshold: 2 },
    },
  }),
  [seed(1), seed(2)],
);
const targets = signEnvelope(
  targetsFields({
    version: 1,
    expires: NEW_YEAR_2026 + 365 * DAY,
    delegations: [
      { name: 'build', keys: keys(9), threshold: 1, paths: [], terminating: false },
      { name: 'stable', ...release, paths: channelPaths('stable'), terminating: true },
    ],
  }),
  [seed(1), seed(2)],
);
const stable = signEnvelope(
  targetsFields({
    version: 1,
    expires: NEW_YEAR_2026 + 180 * DAY,
    targets: { [offerPath('stable', 20)]: formatOffer(OFFER) },
  }),
  [seed(6), seed(8)],
);
const snapshot = signEnvelope(
  snapshotFields({
    version: 1,
    expires: NEW_YEAR_2026 + 30 * DAY,
    meta: { targets: { version: 1, bytes: targets }, stable: { version: 1, bytes: stable } },
  }),
  [seed(5)],
);
const timestamp = signEnvelope(
  timestampFields({
    version: 1,
    expires: NEW_YEAR_2026 + 7 * DAY,
    time: NEW_YEAR_2026,
    product: 'example-os',
    snapshot: { version: 1, bytes: snapshot },
  }),
  [seed(4)],
);

const FILES: Readonly<Record<string, Uint8Array>> = {
  '1.root.json': root,
  '1.targets.json': targets,
  '1.stable.json': stable,
  '1.snapshot.json': snapshot,
  'timestamp.json': timestamp,
  'mom.sig': formatMomSignature(signMom(MOM, seed(9))),
};

function golden(name: string, bytes: Uint8Array): Buffer {
  const url = new URL(name, VECTORS);
  if (process.env.UPDATE_VECTORS === '1') writeFileSync(url, bytes);
  const stored = readFileSync(url);
  expect(Buffer.from(bytes).equals(stored), `${name} has other bytes`).toBe(true);
  return stored;
}

test.each(Object.entries(FILES))('%s', (name, bytes) => {
  golden(name, bytes);
});

test('a device that has the root gets from there to the MoM', () => {
  const file = (name: string): Buffer => readFileSync(new URL(name, VECTORS));
  const { set, page } = driveTrust(
    (function* () {
      const refreshed = yield* refreshTrust({ root: file('1.root.json'), clock: NEW_YEAR_2026 + DAY });
      return yield* loadChannel(refreshed, 'stable');
    })(),
    (request) => (request.kind === 'fetch' && request.name in FILES ? file(request.name) : undefined),
  );
  const [offer] = offersOf(page, 'stable');
  expect(offer).toEqual({ channel: 'stable', version: 20, path: 'stable/20/mom', ...OFFER });
  const files = { mom: file('mom.txt'), signatures: [file('mom.sig')] };
  expect(verifyMom(files, buildKeys(set), offer)).toMatchObject({ version: 20, previous: 10 });
});

test('key ids', () => {
  const table = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((byte) => {
    const publicKey = publicKeyOf(seed(byte));
    return { seed: toHex(seed(byte)), public: toHex(publicKey), keyid: keyIdOf(ed25519Key(publicKey)) };
  });
  golden('keys.json', Buffer.from(`${JSON.stringify(table, null, 1)}\n`));
});

test('canonical JSON', () => {
  const values: Json[] = [
    {},
    [],
    null,
    true,
    0,
    -1,
    Number.MAX_SAFE_INTEGER,
    '',
    '"\\',
    'é\u{1F600}\uffee',
    { b: 1, a: [false, { d: 'x', c: 2 }], '': 0 },
    { '10': 'ten', '9': 'nine', A: 1, a: 2 },
    { '\u{1F600}': 'after', '\uffee': 'before' },
  ];
  const table = values.map((value) => ({
    input: JSON.stringify(value),
    canonicalHex: toHex(canonicalJson(value)),
  }));
  const stored = golden('canonical-json.json', Buffer.from(`${JSON.stringify(table, null, 1)}\n`));
  for (const { input, canonicalHex } of JSON.parse(stored.toString()) as typeof table) {
    expect(toHex(canonicalJson(JSON.parse(input) as Json))).toBe(canonicalHex);
  }
});
