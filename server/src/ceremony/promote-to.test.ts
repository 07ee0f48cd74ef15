import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel } from '../metadata/change-channels.ts';
import { offerBuild } from '../metadata/offer-build.ts';
import { copyLab, type Lab, listFiles, openLab } from '../test-build.ts';
import { changeRepository } from './change-repository.ts';
import { promoteTo } from './promote-to.ts';
import { replaceKeys } from './replace-keys.ts';
import { changeOptions, offeredTo, versions } from './test-ceremony.ts';

/** 10 on stable; 20 on beta, as a barrier; 30 nowhere. */
let built: Lab;

beforeAll(async () => {
  built = openLab();
  await built.build(10);
  await built.build(20, { offer: { channel: 'beta', barrier: true, reason: 'new boot loader' } });
  await built.build(30, { offer: undefined });
});

afterAll(() => built[Symbol.dispose]());

describe('promoteTo', () => {
  test.each([undefined, 'beta'])('takes along what the other channel says, --from %s', (from) => {
    using lab = copyLab(built);
    promoteTo(changeOptions(lab), { version: 20, to: 'stable', from });
    expect(offeredTo(lab, 'stable')).toMatchObject([
      { version: 10, barrier: false },
      { version: 20, barrier: true, reason: 'new boot loader' },
    ]);
  });

  test('offers a build that nobody has offered yet', () => {
    using lab = copyLab(built);
    promoteTo(changeOptions(lab), { version: 30, to: 'stable', from: undefined });
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10, 30]);
  });

  test.each([
    ['not-built', { version: 40, to: 'stable', from: undefined }],
    ['not-offered', { version: 30, to: 'stable', from: 'beta' }],
    ['unknown-channel', { version: 20, to: 'nightly', from: undefined }],
    ['already-offered', { version: 10, to: 'stable', from: undefined }],
  ])('%s: the repository is as it was', (code, promotion) => {
    using lab = copyLab(built);
    const before = listFiles(lab.repository);
    expect(() => promoteTo(changeOptions(lab), promotion)).toThrow(expect.objectContaining({ code }));
    expect(listFiles(lab.repository)).toEqual(before);
  });

  test('asks which channel is right where two say different things', () => {
    using lab = copyLab(built);
    const [offer] = offeredTo(lab, 'beta');
    if (offer === undefined) throw new TypeError('20 is on beta');
    changeRepository(changeOptions(lab), (base) => addChannel(base, 'nightly'));
    changeRepository(changeOptions(lab), (base) => offerBuild(base, 'nightly', { ...offer, barrier: false }));
    expect(() => promoteTo(changeOptions(lab), { version: 20, to: 'stable', from: undefined })).toThrow(
      expect.objectContaining({ code: 'which-channel' }),
    );
  });

  test('offers nothing that only an old build key has signed', () => {
    using lab = copyLab(built);
    replaceKeys({
      ...changeOptions(lab),
      role: 'build',
      replace: [],
      add: [],
      folder: `${lab.repository}.keys`,
      randomBytes: (size) => Buffer.alloc(size, 200),
    });
    expect(() => promoteTo(changeOptions(lab), { version: 30, to: 'stable', from: undefined })).toThrow(
      expect.objectContaining({ code: 'not-built' }),
    );
  });
});
