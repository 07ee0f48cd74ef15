import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel } from '../metadata/change-channels.ts';
import { renewRoles } from '../metadata/renew-roles.ts';
import { readPrepared } from '../publication/prepared-metadata.ts';
import { copyLab, type Lab, listFiles, openLab } from '../test-build.ts';
import { changeRepository } from './change-repository.ts';
import { readPreparedRelease } from './prepared-release.ts';
import { publishPrepared } from './publish-prepared.ts';
import { replaceKeys } from './replace-keys.ts';
import { signPrepared } from './sign-prepared.ts';
import { changeOptions, offeredTo, ringOf, takeAway, versions } from './test-ceremony.ts';

const OFFLINE = [1, 2, 3].flatMap((n) => [`root-${n}.key`, `release-${n}.key`]);

/** Build 10 is offered on stable; root and release keys are elsewhere. */
let built: Lab;

beforeAll(async () => {
  built = openLab();
  await built.build(10);
  takeAway(built, ...OFFLINE);
});

afterAll(() => built[Symbol.dispose]());

function sign(lab: Lab, ...keys: string[]): void {
  signPrepared(readPreparedRelease(`${lab.repository}.prepared`), ringOf(lab, ...keys), undefined);
}

const waits = ({ repository }: Lab): string[] => readPrepared(repository).map(({ role }) => role);

/** Code of the error; devices see what they saw before. */
function failure(lab: Lab, work: () => unknown): string {
  const before = listFiles(lab.repository);
  try {
    work();
  } catch (error) {
    expect(listFiles(lab.repository)).toEqual(before);
    return (error as { code: string }).code;
  }
  return 'no error';
}

describe('publishPrepared', () => {
  test('publishes nothing before there are enough signatures, and then all of it', async () => {
    using lab = copyLab(built);
    await lab.build(20);
    expect(failure(lab, () => publishPrepared(changeOptions(lab)))).toBe('signatures-missing');
    sign(lab, 'release-3.key');
    expect(failure(lab, () => publishPrepared(changeOptions(lab)))).toBe('signatures-missing');
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10]);
    sign(lab, 'release-1.key');
    publishPrepared(changeOptions(lab));
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10, 20]);
    expect(failure(lab, () => publishPrepared(changeOptions(lab)))).toBe('nothing-prepared');
  });

  test('lets channels go one by one', async () => {
    using lab = copyLab(built);
    await lab.build(20, { offer: { channel: 'beta' } });
    sign(lab, 'release-1.key', 'release-2.key');
    await lab.build(30);
    expect(publishPrepared(changeOptions(lab)).publication.kind).toBe('published');
    expect(versions(offeredTo(lab, 'beta'))).toEqual([20]);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10]);
    expect(waits(lab)).toEqual(['stable']);
  });

  test('keeps what waits for root together', async () => {
    using lab = copyLab(built);
    await lab.build(20);
    changeRepository(changeOptions(lab), (base) => addChannel(base, 'nightly'));
    sign(lab, 'release-1.key', 'release-2.key');
    expect(failure(lab, () => publishPrepared(changeOptions(lab)))).toBe('signatures-missing');
    expect(waits(lab).sort()).toEqual(['stable', 'targets']);
    sign(lab, 'root-1.key', 'root-3.key');
    publishPrepared(changeOptions(lab));
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10, 20]);
  });

  test('signatures stay good when something else is prepared meanwhile', async () => {
    using lab = copyLab(built);
    await lab.build(20, { offer: { channel: 'beta' } });
    sign(lab, 'release-1.key');
    changeRepository(changeOptions(lab), (base) => renewRoles(base, ['stable']));
    sign(lab, 'release-2.key');
    publishPrepared(changeOptions(lab));
    expect(versions(offeredTo(lab, 'beta'))).toEqual([20]);
    expect(waits(lab)).toEqual(['stable']);
  });

  test('a build that waits with a new build key has its signature, and the old one', async () => {
    using lab = copyLab(built);
    const folder = `${lab.repository}.keys`;
    const randomBytes = (size: number) => Buffer.alloc(size, next++);
    replaceKeys({ ...changeOptions(lab), role: 'build', replace: [], add: [], folder, randomBytes });
    await lab.build(20);
    sign(lab, 'root-2.key', 'root-3.key', 'release-1.key', 'release-2.key');
    const { retired } = publishPrepared(changeOptions(lab));
    expect(retired).toEqual([expect.stringMatching(/retired\/build\.key$/)]);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10, 20]);
  });

  test('a build that is offered while new release keys wait for root is signed by them too', async () => {
    using lab = openLab();
    await lab.build(10);
    takeAway(lab, 'root-1.key', 'root-2.key', 'root-3.key');
    const { repository } = lab;
    const rotated = replaceKeys({
      ...changeOptions(lab),
      role: 'release',
      replace: [],
      add: [],
      folder: `${repository}.keys`,
      randomBytes: (size) => Buffer.alloc(size, next++),
    });
    expect(rotated.publication.kind).toBe('prepared');
    await lab.build(20);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10, 20]);
    sign(lab, 'root-1.key', 'root-2.key');
    const { retired } = publishPrepared(changeOptions(lab));
    expect(retired).toHaveLength(3);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10, 20]);
    expect(waits(lab)).toEqual([]);
  });
});

let next = 100;
