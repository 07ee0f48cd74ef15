import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import {
  driveTrust,
  formatEnvelope,
  loadChannel,
  offersOf,
  parseEnvelope,
  refreshTrust,
} from '@swupd/manifests/trust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KeyRing } from '../keys/key-ring.ts';
import { offerBuild } from '../metadata/offer-build.ts';
import { readMetadata } from '../repository/read-metadata.ts';
import { copyLab, type Lab, listFiles, openLab, readMom, TIME } from '../test-build.ts';
import { finishPublication, publishFiles } from './pending-publication.ts';
import { planPublication } from './plan-publication.ts';
import { preparedChange, readPrepared } from './prepared-metadata.ts';
import type { PublicationOptions } from './publication-options.ts';
import { publishChange } from './publish-change.ts';

const DAY = 86_400;
const NOTHING = { channels: new Map() };

let built: Lab;

beforeAll(async () => {
  built = openLab();
  await built.build(10);
});

afterAll(() => built[Symbol.dispose]());

function optionsOf(lab: Lab, more: Partial<PublicationOptions> = {}): PublicationOptions {
  const { repository } = lab;
  const ring = KeyRing.open({ folder: `${repository}.keys`, signers: [], env: {} });
  return { repository, state: readMetadata(repository), ring, time: TIME + 100, life: 7 * DAY, ...more };
}

/** Moves keys out of the folder, as if somebody else had them; gives the ring of the others. */
function takeAway(lab: Lab, ...names: string[]): KeyRing {
  const away = `${lab.repository}.away`;
  mkdirSync(away, { recursive: true });
  for (const name of names) renameSync(join(`${lab.repository}.keys`, name), join(away, name));
  return KeyRing.open({ folder: away, signers: [], env: {} });
}

/** What a device with the first root sees on a channel. */
function offered(lab: Lab, channel: string): number[] {
  const drive = <T>(run: Parameters<typeof driveTrust<T>>[0]): T =>
    driveTrust(run, (request) => {
      if (request.kind !== 'fetch') return undefined;
      const path = join(lab.repository, LAYOUT.metadata(request.name));
      return existsSync(path) ? readFileSync(path) : undefined;
    });
  const root = readFileSync(join(lab.repository, LAYOUT.root(1)));
  const set = drive(refreshTrust({ root, clock: TIME + 200 }));
  return offersOf(drive(loadChannel(set, channel)).page, channel).map(({ version }) => version);
}

/** Offers build 10 on `beta` too. */
function onBeta(lab: Lab, options: PublicationOptions): Parameters<typeof publishChange>[0] {
  const { state, time } = options;
  if (state === undefined) throw new TypeError('it is published');
  const [offer] = offersOf(state.roles.get('stable') ?? never(), 'stable');
  expect(readMom(lab.repository, 10).version).toBe(10);
  return offerBuild({ state, time }, 'beta', offer ?? never());
}

function never(): never {
  throw new TypeError('it is there');
}

describe('publishChange', () => {
  test('publishes what it can sign: a device sees it, and the MoM has the name that TUF asks for', () => {
    using lab = copyLab(built);
    const options = optionsOf(lab);
    const publication = publishChange(onBeta(lab, options), options);
    expect(publication.kind).toBe('published');
    expect(offered(lab, 'beta')).toEqual([10]);
    const targets = Object.entries(listFiles(lab.repository)).filter(([name]) => name.startsWith('targets/'));
    expect(targets.map(([name, digest]) => name.replace(digest, 'ITS-DIGEST'))).toEqual([
      'targets/beta/10/ITS-DIGEST.mom',
      'targets/stable/10/ITS-DIGEST.mom',
    ]);
  });

  test('gives equal bytes for equal keys and time', () => {
    using one = copyLab(built);
    using other = copyLab(built);
    for (const lab of [one, other]) publishChange(onBeta(lab, optionsOf(lab)), optionsOf(lab));
    expect(listFiles(other.repository)).toEqual(listFiles(one.repository));
  });

  test('a change of nothing renews the timestamp, and the snapshot when half of its life is over', () => {
    using lab = copyLab(built);
    const before = Object.keys(listFiles(lab.repository));
    publishChange(NOTHING, optionsOf(lab));
    expect(Object.keys(listFiles(lab.repository))).toEqual(before);
    expect(readMetadata(lab.repository).set.timestamp).toMatchObject({ version: 3, time: TIME + 100 });
    publishChange(NOTHING, optionsOf(lab, { time: TIME + 16 * DAY }));
    expect(readMetadata(lab.repository).set).toMatchObject({
      timestamp: { version: 4 },
      snapshot: { version: 3, expires: TIME + 46 * DAY },
    });
  });

  test('a snapshot outlives the timestamp that names it', () => {
    using lab = copyLab(built);
    publishChange(NOTHING, optionsOf(lab, { life: 90 * DAY }));
    expect(readMetadata(lab.repository).set.snapshot).toMatchObject({
      version: 3,
      expires: TIME + 100 + 90 * DAY,
    });
  });

  test('prepares what it can not sign, and goes on from there with the keys of others', () => {
    using lab = copyLab(built);
    const others = takeAway(lab, 'release-2.key', 'release-3.key');
    const before = listFiles(lab.repository);
    const options = optionsOf(lab);
    const publication = publishChange(onBeta(lab, options), options);
    expect(publication).toMatchObject({
      kind: 'prepared',
      missing: [{ role: 'beta', version: 1, signed: 1, threshold: 2 }],
    });
    expect(listFiles(lab.repository)).toEqual(before);
    const copy = readMetadata(`${lab.repository}.prepared/published`);
    expect(copy.set.timestamp?.bytes).toEqual(options.state?.set.timestamp?.bytes);
    expect([...copy.roles.keys()]).toEqual(['stable']);
    const waiting = preparedChange(lab.repository, options.state ?? never());
    const ring = new KeyRing([...others.secrets, ...onlineKeys(lab)], [], {});
    expect(publishChange(waiting ?? never(), optionsOf(lab, { ring })).kind).toBe('published');
    expect(offered(lab, 'beta')).toEqual([10]);
    expect(existsSync(`${lab.repository}.prepared`)).toBe(false);
  });

  test('a bad signature in what waits is left out', () => {
    using lab = copyLab(built);
    takeAway(lab, 'release-2.key', 'release-3.key');
    const change = onBeta(lab, optionsOf(lab));
    publishChange(change, optionsOf(lab));
    const path = readPrepared(lab.repository)[0]?.path ?? never();
    const text = readFileSync(path, 'latin1').replace(/"sig":"../, '"sig":"00');
    writeFileSync(path, text);
    publishChange(change, optionsOf(lab));
    const [{ envelope }] = readPrepared(lab.repository) as [ReturnType<typeof readPrepared>[0]];
    expect(envelope.signatures).toHaveLength(1);
    expect(envelope.signatures[0]?.sig).not.toMatch(/^00/);
  });

  test('what was prepared before something else was published is refused', () => {
    using lab = copyLab(built);
    const options = optionsOf(lab);
    const change = onBeta(lab, options);
    publishChange(change, options);
    expect(() => publishChange(change, optionsOf(lab))).toThrow(
      expect.objectContaining({ code: 'stale-change', details: { role: 'beta', version: 1, published: 1 } }),
    );
  });

  test('garbage among what waits is refused', () => {
    using lab = copyLab(built);
    mkdirSync(`${lab.repository}.prepared/metadata`, { recursive: true });
    writeFileSync(`${lab.repository}.prepared/metadata/2.stable.json`, 'x');
    expect(() => publishChange(NOTHING, optionsOf(lab))).toThrow(
      expect.objectContaining({ code: 'bad-prepared' }),
    );
  });

  test('metadata of a channel that is not there are refused', () => {
    using lab = copyLab(built);
    const options = optionsOf(lab);
    const fields = options.state?.roles.get('stable')?.signed ?? never();
    mkdirSync(`${lab.repository}.prepared/metadata`, { recursive: true });
    writeFileSync(`${lab.repository}.prepared/metadata/1.nightly.json`, formatEnvelope(fields, []));
    const change = preparedChange(lab.repository, options.state ?? never()) ?? never();
    expect(() => publishChange(change, options)).toThrow(
      expect.objectContaining({ code: 'bad-prepared', details: { role: 'nightly' } }),
    );
  });

  test.each(['snapshot', 'timestamp'])('nothing is published without the %s key', (role) => {
    using lab = copyLab(built);
    takeAway(lab, `${role}.key`);
    const before = listFiles(lab.repository);
    const options = optionsOf(lab);
    expect(() => publishChange(onBeta(lab, options), options)).toThrow(
      expect.objectContaining({ code: 'keys-missing', details: expect.objectContaining({ role }) }),
    );
    expect(listFiles(lab.repository)).toEqual(before);
  });
});

describe('a publication that dies', () => {
  test('after any of its files is carried to its end by the next command', () => {
    using lab = copyLab(built);
    const options = optionsOf(lab);
    const change = onBeta(lab, options);
    const plan = planPublication(change, options);
    if (plan.kind !== 'complete') throw new TypeError('all keys are at hand');
    using whole = copyLab(lab);
    publishFiles(whole.repository, plan.files);
    for (let written = 0; written < plan.files.length; written++) {
      using dying = copyLab(lab);
      // A folder where the next file should be stops it there.
      const blocked = join(dying.repository, plan.files[written]?.name ?? '');
      const kept = `${blocked}.kept`;
      if (existsSync(blocked)) cpSync(blocked, kept);
      rmSync(blocked, { force: true });
      mkdirSync(join(blocked, 'in the way'), { recursive: true });
      expect(() => publishFiles(dying.repository, plan.files)).toThrow();
      rmSync(blocked, { recursive: true });
      if (existsSync(kept)) renameSync(kept, blocked);
      finishPublication(dying.repository);
      expect(listFiles(dying.repository)).toEqual(listFiles(whole.repository));
      expect(existsSync(`${dying.repository}.publishing`)).toBe(false);
    }
    expect(parseEnvelope(plan.files.at(-1)?.bytes ?? never())?.signed._type).toBe('timestamp');
  });
});

function onlineKeys(lab: Lab): KeyRing['secrets'] {
  return KeyRing.open({ folder: `${lab.repository}.keys`, signers: [], env: {} }).secrets;
}
