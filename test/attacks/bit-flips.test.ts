// Each single bit of each signed file, turned, and each of its beginnings: refused, and whatever a device keeps is good.
import { readFileSync } from 'node:fs';
import { LAYOUT } from '@swupd/manifests';
import {
  acceptRoot,
  acceptSnapshot,
  acceptTargets,
  acceptTimestamp,
  buildKeys,
  driveTrust,
  ed25519Key,
  keyIdOf,
  loadChannel,
  offersOf,
  openTrust,
  PRODUCTION,
  parseRoot,
  refreshTrust,
  type TrustedSet,
  type TrustRun,
  verifyMom,
} from '@swupd/manifests/trust';
import { publicKeyOf, SwupdError, sha256 } from '@swupd/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_TIME } from '../support/test-repository.ts';
import { AttackScene } from './attack-scene.ts';
import { currentName, forge } from './forge.ts';

const CLOCK = BUILD_TIME + 60;
const REMEMBERED = { timestamp: undefined, isSnapshotVoid: false };

let attack: AttackScene;
/** A file as it is published, and the step that a device takes with it. */
let steps: Readonly<Record<string, { readonly good: Buffer; readonly take: (bytes: Uint8Array) => unknown }>>;

beforeAll(async () => {
  attack = await AttackScene.prepare();
  await attack.release20();
  const { repository } = attack;
  forge(repository, 'root', { keys: ['root-1', 'root-2'] });
  const read = (name: string): Buffer => readFileSync(attack.path(name));
  const fileOf = (role: string): Buffer => read(currentName(repository, role));
  const run = <T>(generator: TrustRun<T>): T =>
    driveTrust(generator, (request) =>
      request.kind === 'fetch' ? orAbsent(() => read(`metadata/${request.name}`)) : undefined,
    );
  const anchor = read(LAYOUT.root(1));
  const first = openTrust({ root: anchor, clock: CLOCK, policy: PRODUCTION });
  const set = run(refreshTrust({ root: anchor, clock: CLOCK }));
  const rooted: TrustedSet = { ...set, timestamp: undefined, snapshot: undefined, targets: undefined };
  const { page } = run(loadChannel(set, 'stable'));
  const offer = offersOf(page, 'stable').at(-1);
  const keys = buildKeys(set);
  const [keyid = ''] = keys.keys.keys();
  const mom = read(LAYOUT.mom(20));
  const signature = read(LAYOUT.momSignature(20, keyid));
  const stable = set.targets?.delegations.find(({ name }) => name === 'stable')?.role;
  if (stable === undefined) throw new TypeError('the repository has no channel stable');
  const role = (name: string, delegator: string, of: typeof stable) => ({ name, delegator, keys: of });
  steps = {
    anchor: { good: anchor, take: (bytes) => parseRoot(bytes, PRODUCTION) },
    root: { good: fileOf('root'), take: (bytes) => acceptRoot(first, bytes) },
    timestamp: { good: fileOf('timestamp'), take: (bytes) => acceptTimestamp(rooted, bytes, REMEMBERED) },
    snapshot: { good: fileOf('snapshot'), take: (bytes) => acceptSnapshot(set, bytes, undefined) },
    targets: {
      good: fileOf('targets'),
      take: (bytes) => acceptTargets(set, role('targets', 'root', set.root.roles.targets), bytes),
    },
    stable: {
      good: fileOf('stable'),
      take: (bytes) => acceptTargets(set, role('stable', 'targets', stable), bytes),
    },
    'stable, with nothing but its signatures': {
      good: fileOf('stable'),
      take: (bytes) => acceptTargets(withoutHashes(set), role('stable', 'targets', stable), bytes),
    },
    mom: { good: mom, take: (bytes) => verifyMom({ mom: bytes, signatures: [signature] }, keys, offer) },
    'mom, with nothing but its signature': {
      good: mom,
      take: (bytes) => verifyMom({ mom: bytes, signatures: [signature] }, keys, undefined),
    },
    'signature of the MoM': {
      good: signature,
      take: (bytes) => verifyMom({ mom, signatures: [bytes] }, keys, offer),
    },
  };
});
afterAll(() => attack[Symbol.asyncDispose]());

function orAbsent(read: () => Buffer): Buffer | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A snapshot that announces versions only, as TUF allows it. */
function withoutHashes(set: TrustedSet): TrustedSet {
  const { snapshot } = set;
  if (snapshot === undefined) throw new TypeError('there is no snapshot');
  const meta = [...snapshot.meta].map(
    ([role, { version }]) => [role, { version, length: undefined, hashes: undefined }] as const,
  );
  return { ...set, snapshot: { ...snapshot, meta: new Map(meta) } };
}

function turned(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Whether the step refuses the bytes, by an error of this project and no defect. */
function isRefused(take: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  try {
    take(bytes);
    return false;
  } catch (error) {
    if (error instanceof SwupdError) return true;
    throw error;
  }
}

describe.each([
  'anchor',
  'root',
  'timestamp',
  'snapshot',
  'targets',
  'stable',
  'stable, with nothing but its signatures',
  'mom',
  'mom, with nothing but its signature',
  'signature of the MoM',
])('%s', (name) => {
  test('each bit and each beginning', () => {
    const { good, take } = steps[name] ?? { good: Buffer.alloc(0), take: () => undefined };
    expect(isRefused(take, good)).toBe(false);
    const accepted: string[] = [];
    for (let bit = 0; bit < 8 * good.length; bit++)
      if (!isRefused(take, turned(good, bit))) accepted.push(`bit ${bit}`);
    for (let length = 0; length < good.length; length++)
      if (!isRefused(take, good.subarray(0, length))) accepted.push(`length ${length}`);
    expect(good.length).toBeGreaterThan(100);
    expect(accepted).toEqual([]);
  });
});

test('a sample of them over HTTP: refused, and the device is as it was', async () => {
  const { repository, mirror } = attack;
  const keyid = keyIdOf(ed25519Key(publicKeyOf(repository.seed('build'))));
  const before = ['timestamp', 'snapshot', 'stable', 'root'];
  const names = [
    ...['root', 'timestamp', 'snapshot', 'stable'].map((role) => currentName(repository, role)),
    LAYOUT.momTarget('stable', 20, sha256(readFileSync(attack.path(LAYOUT.mom(20))))),
    LAYOUT.momSignature(20, keyid),
  ];
  for (const name of names) {
    const good = readFileSync(attack.path(name));
    const lies = [
      ...[1, 3, 5, 7].map((eighth) => turned(good, Math.floor(good.length * eighth) + (eighth >> 1))),
      ...[0, good.length >> 1, good.length - 1].map((length) => good.subarray(0, length)),
    ];
    for (const lie of lies) {
      mirror.lies.clear();
      mirror.lies.set(name, lie);
      await attack.expectRefused({ exit: expect.toBeOneOf([4, 17, 21]) }, { learns: before });
    }
  }
  await attack.expectRecovers(20);
});
