// The golden vectors of the trust metadata. The keys are the Ed25519 seeds of 32 equal bytes: 01 root, 02 timestamp,
// 03 snapshot, 04 targets. `UPDATE_VECTORS=1` writes the files anew (spec/README.md).
import { readFileSync, writeFileSync } from 'node:fs';
import { publicKeyOf, sha256, toHex } from '@swupd/shared';
import { expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';
import { ed25519Key, keyIdOf } from './key.ts';
import { formatMomSignatures, verifyMom } from './mom-signature.ts';
import { checkPointer, formatPointer, parsePointer } from './pointer.ts';
import { formatRoot, parseRoot } from './root.ts';
import { formatTime } from './utc-time.ts';

const VECTORS = new URL('../../spec/vectors/', import.meta.url);
const NEW_YEAR_2026 = 1_767_225_600;
const DAY = 86_400;
const SEEDS = {
  root: new Uint8Array(32).fill(1),
  timestamp: new Uint8Array(32).fill(2),
  snapshot: new Uint8Array(32).fill(3),
  targets: new Uint8Array(32).fill(4),
};
const MOM = readFileSync(new URL('mom.txt', VECTORS));
const RELEASE = { version: 20, digest: sha256(MOM), size: MOM.length };
const POINTER = { version: 2, expires: NEW_YEAR_2026 + 30 * DAY, release: RELEASE };
const ROOT = formatRoot({
  version: 1,
  expires: NEW_YEAR_2026 + 365 * DAY,
  publicKeys: {
    root: publicKeyOf(SEEDS.root),
    timestamp: publicKeyOf(SEEDS.timestamp),
    snapshot: publicKeyOf(SEEDS.snapshot),
    targets: publicKeyOf(SEEDS.targets),
  },
  rootSeed: SEEDS.root,
});

function golden(name: string, bytes: Uint8Array): Buffer {
  const url = new URL(name, VECTORS);
  if (process.env.UPDATE_VECTORS === '1') writeFileSync(url, bytes);
  const stored = readFileSync(url);
  expect(Buffer.from(bytes).equals(stored), `${name} has other bytes`).toBe(true);
  return stored;
}

test('root', () => {
  const root = parseRoot(golden('root.json', ROOT));
  expect(root).toMatchObject({ version: 1, expires: NEW_YEAR_2026 + 365 * DAY });
  for (const [role, seed] of Object.entries(SEEDS)) {
    const publicKey = publicKeyOf(seed);
    const keyid = keyIdOf(ed25519Key(publicKey) as unknown as Json);
    const { keys, threshold } = root.roles[role as keyof typeof SEEDS];
    expect([...keys.keys()]).toEqual([keyid]);
    expect(toHex(keys.get(keyid) ?? new Uint8Array())).toBe(toHex(publicKey));
    expect(threshold).toBe(1);
  }
});

test('timestamp', () => {
  const pointer = parsePointer(
    golden('timestamp.json', formatPointer(POINTER, SEEDS.timestamp)),
    parseRoot(ROOT),
  );
  expect(pointer).toEqual(POINTER);
  expect(() =>
    checkPointer(pointer, { root: parseRoot(ROOT), last: undefined, now: NEW_YEAR_2026 }),
  ).not.toThrow();
});

test('signatures of the MoM', () => {
  const signatures = golden('mom.sig', formatMomSignatures(MOM, [SEEDS.targets]));
  expect(verifyMom({ mom: MOM, signatures }, parseRoot(ROOT), RELEASE)).toMatchObject({
    version: 20,
    previous: 10,
  });
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

test('times', () => {
  expect(formatTime(NEW_YEAR_2026)).toBe('2026-01-01T00:00:00Z');
});
