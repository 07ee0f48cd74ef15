import {
  blobsOf,
  formatPackHead,
  type MomBundle,
  type PackFrame,
  type PackIndex,
  type PackRef,
} from '@swupd/manifests';
import { type Digest, parseRepoPath } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { chooseSources, type SourceChoice } from '../plan/choose-sources.ts';
import type { BundleSources, SourceInput } from '../plan/source.ts';
import { RepositoryError } from '../repository/index.ts';
import { file, manifestOf, type Tree } from '../test-support.ts';
import { PackHeads } from './pack-heads.ts';
import { parsePackLayout } from './parse-pack-layout.ts';

const COUNT = 100;
const SIZE = 3_000;
const tree = (text: string): Tree =>
  Object.fromEntries(Array.from({ length: COUNT }, (_, i) => [`f${i}`, file(`${text}${i}`)]));
const FROM = manifestOf(tree('old'), 'p', 10);
const TO = manifestOf(tree('new'), 'p', 20);
const BLOBS = { from: blobsOf(FROM), to: blobsOf(TO) };
const NEEDED = BLOBS.to.map(({ digest, size }) => ({ digest, size, storedSize: SIZE }));

/** Each blob in a frame of its own, claimed to be of `SIZE` bytes. */
const FRAMES = BLOBS.to.map(
  ({ digest, size }): PackFrame => ({
    storedSize: size,
    plainSize: size,
    members: [{ kind: 'full', filter: 'none', digest, size }],
  }),
);
const INDEX: PackIndex = { bundle: 'p', from: 10, to: 20, frames: FRAMES };

function packOf(index: PackIndex = INDEX): { head: Buffer; pack: PackRef } {
  const head = formatPackHead(index, BLOBS);
  const size = index.frames.reduce((sum, { storedSize }) => sum + storedSize, head.length);
  return { head, pack: { from: 10, digest: 'e'.repeat(64) as Digest, size } };
}

describe('the layout of a pack', () => {
  const origin = (pack: PackRef) => ({ bundle: 'p', pack, to: TO, from: FROM });

  test('is where its frames are', () => {
    const { head, pack } = packOf();
    expect(parsePackLayout(head, origin(pack))).toEqual({ headSize: head.length, frames: FRAMES });
  });

  const lies: [string, Partial<PackIndex>, (pack: PackRef) => PackRef][] = [
    ['of another bundle', { bundle: 'q' }, (pack) => pack],
    ['from another version', { from: 5 }, (pack) => pack],
    ['to another version', { to: 30 }, (pack) => pack],
    ['with frames that end before the pack', {}, (pack) => ({ ...pack, size: pack.size + 1 })],
    ['with frames that end behind the pack', {}, (pack) => ({ ...pack, size: pack.size - 1 })],
    [
      'with a frame of terabytes',
      {
        frames: [
          ...FRAMES,
          { storedSize: 2 ** 41, plainSize: 2 ** 41, members: [{ kind: 'delta', ...size41() }] },
        ],
      },
      (pack) => ({ ...pack, size: 1_000_000 }),
    ],
  ];
  test.each(lies)('%s is refused', (_, change, edit) => {
    const { head, pack } = packOf({ ...INDEX, ...change });
    expect(() => parsePackLayout(head, origin(edit(pack)))).toThrow(
      expect.objectContaining({ code: 'bad-pack' }),
    );
  });

  test('of an index that decompresses to far more than its blobs need is refused', () => {
    const members = FRAMES.flatMap((frame) => frame.members);
    const times = Array.from({ length: 500 }, () => members).flat();
    const plain = times.reduce((sum, one) => sum + (one.kind === 'full' ? one.size : 0), 0);
    const { head, pack } = packOf({
      ...INDEX,
      frames: [{ storedSize: plain, plainSize: plain, members: times }],
    });
    expect(head.length).toBeLessThan(10_000);
    expect(() => parsePackLayout(head, origin(pack))).toThrow(expect.objectContaining({ code: 'bad-pack' }));
  });
});

function size41() {
  const [first] = BLOBS.to;
  if (first === undefined) throw new TypeError('no blob');
  const from = BLOBS.from[0]?.digest ?? first.digest;
  return { digest: first.digest, size: first.size, from, length: 2 ** 41 };
}

describe('heads of packs', () => {
  /** What is chosen for the first `wanted` blobs while heads are looked at through `fetchPart`. */
  async function look(
    wanted: number,
    {
      pack,
      packs = [pack],
      fetchPart,
    }: {
      pack: PackRef;
      packs?: readonly PackRef[];
      fetchPart: (offset: number, length: number) => Promise<Uint8Array>;
    },
  ) {
    const asked: [number, number][] = [];
    const bundles: BundleSources[] = [
      {
        bundle: { name: 'p', packs } as unknown as MomBundle,
        blobs: new Map(NEEDED.map(({ digest, storedSize }) => [digest, storedSize])),
        installed: { version: 10, blobs: new Set(BLOBS.from.map(({ digest }) => digest)) },
      },
    ];
    const local = new Map(BLOBS.from.map(({ digest }) => [digest, [parseRepoPath('x')]]));
    const heads = new PackHeads({
      bundles,
      local,
      manifestsOf: () => ({ to: TO, from: FROM }),
      fetchPart: (_, offset, length) => {
        asked.push([offset, length]);
        return fetchPart(offset, length);
      },
    });
    const input: SourceInput = {
      needed: NEEDED.slice(0, wanted),
      bundles,
      local,
      deltas: [],
      layouts: heads.known,
      begun: new Map(),
      spent: new Set(),
    };
    const before: SourceChoice = chooseSources(input);
    const extended = await heads.extendFor(before, new Set());
    const again = await heads.extendFor(before, new Set());
    const kinds = [...new Set(chooseSources(input).sources.map(({ kind }) => kind))];
    return { asked, extended, again, kinds, failures: heads.failures.map(({ reason }) => reason) };
  }

  /** The pack as it should be, as large as if its blobs were of `SIZE` bytes. */
  function largePack(members = FRAMES): { bytes: Buffer; pack: PackRef } {
    const frames = members.map((frame): PackFrame => {
      const [member] = frame.members;
      if (member?.kind !== 'full') throw new TypeError('not a full member');
      return {
        storedSize: 300,
        plainSize: 300,
        members: [
          { kind: 'delta', digest: member.digest, size: member.size, from: size41().from, length: 300 },
        ],
      };
    });
    const { head, pack } = packOf({ ...INDEX, frames });
    return { bytes: Buffer.concat([head, Buffer.alloc(pack.size - head.length)]), pack };
  }

  const { bytes, pack } = largePack();
  const honest = async (offset: number, length: number) => bytes.subarray(offset, offset + length);

  test('are fetched when they may pay, once, and then ranges are chosen', async () => {
    expect(await look(40, { pack, fetchPart: honest })).toEqual({
      asked: [[0, 1112]],
      extended: true,
      again: false,
      kinds: ['ranges'],
      failures: [],
    });
  });

  test('are not fetched when all of the pack is needed', async () => {
    expect((await look(COUNT, { pack, fetchPart: honest })).asked).toEqual([]);
  });

  test('that are longer than guessed come in two parts', async () => {
    const head = bytes.readUInt32LE(8) + 16;
    const first = Math.trunc(head / 2);
    const { asked, extended } = await look(40, {
      pack,
      fetchPart: async (offset, length) => bytes.subarray(offset, offset === 0 ? first : offset + length),
    });
    expect([asked, extended]).toEqual([
      [
        [0, 1112],
        [first, head - first],
      ],
      true,
    ]);
  });

  const refused = (code: 'range-refused' | 'server-unreachable' | 'not-found') => (): Promise<Uint8Array> =>
    Promise.reject(new RepositoryError(code, code));
  const edited = (edit: (copy: Buffer) => void) => async (offset: number, length: number) => {
    const copy = Buffer.from(bytes);
    edit(copy);
    return copy.subarray(offset, offset + length);
  };
  const rows: [string, (offset: number, length: number) => Promise<Uint8Array>, number][] = [
    ['can not be had', refused('not-found'), 1],
    ['is refused', refused('range-refused'), 1],
    ['is none', edited((copy) => copy.fill(0)), 1],
    ['has another format', edited((copy) => copy.fill(0x39, 7, 8)), 1],
    ['is damaged', edited((copy) => copy.fill(7, 20, 60)), 1],
    ['is as long as the pack', edited((copy) => copy.writeUInt32LE(pack.size - 16, 8)), 1],
    ['is longer than the pack', edited((copy) => copy.writeUInt32LE(pack.size, 8)), 1],
    ['decompresses to gigabytes', edited((copy) => copy.writeUInt32LE(0x1f000000, 12)), 1],
  ];
  test.each(rows)('one that %s: the choice stands, and it is counted', async (_, fetchPart, requests) => {
    const { asked, extended, again, kinds, failures } = await look(40, { pack, fetchPart });
    expect([asked.length, extended, again, kinds]).toEqual([requests, false, false, ['pack']]);
    expect(failures).toHaveLength(1);
  });

  test.each([
    ['range-refused', 1],
    ['server-unreachable', 1],
    ['not-found', 2],
  ] as const)('%s: %i of two packs are asked for', async (code, requests) => {
    const packs = [pack, { ...pack, digest: 'd'.repeat(64) as Digest }];
    expect((await look(40, { pack, packs, fetchPart: refused(code) })).asked).toHaveLength(requests);
  });

  test('an abort, and a fault of the program, are no failures of a source', async () => {
    for (const error of [new RepositoryError('aborted', 'stopped'), new TypeError('fault')])
      await expect(look(40, { pack, fetchPart: () => Promise.reject(error) })).rejects.toBe(error);
  });
});
