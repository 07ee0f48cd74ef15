import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MomBundle } from '@swupd/manifests';
import { type Digest, parseRepoPath } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownName, REAL_DISK } from '../disk/index.ts';
import type { NeededBlob } from '../plan/plan.ts';
import type { Source } from '../plan/source.ts';
import { codeOf, dir, file, openHandles, plant, symlink, systemTree, type Tree } from '../test-support.ts';
import { type AcquireInput, acquireContent, previewSources } from './acquire-content.ts';
import { copyBlobs } from './copy-blobs.ts';
import { diskDownloads } from './disk-downloads.ts';
import { localBlobs } from './local-blobs.ts';
import { LooseDeltas } from './loose-deltas.ts';
import { PackHeads } from './pack-heads.ts';
import type { RoundResult } from './round-result.ts';
import { asTask, openOutcome } from './task-outcome.ts';
import { openPlaces, type TestPlaces } from './test-places.ts';
import { workerExecutor } from './worker-executor.ts';

let places: TestPlaces;
beforeEach(() => {
  places = openPlaces();
});
afterEach(() => places[Symbol.dispose]());

const bytesOf = (text: string): Buffer => Buffer.from(text);
const digestOf = (text: string): Digest => hashContent(bytesOf(text));

function keep(text: string): Digest {
  const digest = digestOf(text);
  const pending = places.contents.begin(digest);
  pending.write(bytesOf(text));
  pending.keep(digest);
  return digest;
}

describe('the cache', () => {
  test('shows a blob when it is kept, and not before', () => {
    const digest = digestOf('ab');
    const pending = places.contents.begin(digest);
    pending.write(bytesOf('a'));
    expect([places.contents.has(digest), places.contents.list()]).toEqual([false, []]);
    pending.write(bytesOf('b'));
    pending.keep(digest);
    expect([places.contents.has(digest), places.contents.verify(digest)]).toEqual([true, true]);
    expect(places.cached()).toEqual({ [digest]: bytesOf('ab') });
  });

  test('forgets what is discarded', () => {
    const pending = places.contents.begin(digestOf('ab'));
    pending.write(bytesOf('a'));
    pending.discard();
    expect(places.cached()).toEqual({});
  });

  test.each([
    ['changed', (path: string) => writeFileSync(path, 'AB')],
    ['torn', (path: string) => writeFileSync(path, 'a')],
    ['empty', (path: string) => writeFileSync(path, '')],
  ])('removes a blob that is %s when it is verified', (_, damage) => {
    const digest = keep('ab');
    damage(join(places.cache, digest));
    expect(places.contents.verify(digest)).toBe(false);
    expect(places.cached()).toEqual({});
    expect(keep('ab')).toBe(digest);
  });

  test('takes nothing else for a blob', () => {
    const digest = digestOf('x');
    writeFileSync(join(places.cache, 'notes'), '');
    writeFileSync(join(places.cache, `${digest}.new`), 'x');
    symlinkSync('/etc/passwd', join(places.cache, digest));
    mkdirSync(join(places.cache, digestOf('y')));
    expect([places.contents.has(digest), places.contents.verify(digest)]).toEqual([false, false]);
    expect(places.contents.has(digestOf('y'))).toBe(false);
  });

  test('gives a blob away', () => {
    const digest = keep('ab');
    const root = REAL_DISK.openRoot(places.root);
    places.contents.take(digest, root, ownName('here'));
    root.close();
    expect(readFileSync(join(places.root, 'here'), 'utf8')).toBe('ab');
    expect(places.contents.has(digest)).toBe(false);
  });
});

describe('copies within the device', () => {
  const items = (...rows: [string, string][]): Parameters<typeof copyBlobs>[1]['items'] =>
    rows.map(([path, text]) => ({ path: parseRepoPath(path), digest: digestOf(text) }));

  test('are verified on the way', () => {
    plant(places.root, {
      d: dir(),
      'd/a': file('a'),
      'd/large': file('x'.repeat(3_000_000)),
      changed: file('b'),
      link: symlink('d/a'),
      'to-d': symlink('d'),
      '\xff': file('odd'),
      empty: file(''),
    });
    const handles = openHandles();
    const { decoded, failed } = copyBlobs(REAL_DISK, {
      places,
      items: items(
        ['d/a', 'a'],
        ['d/large', 'x'.repeat(3_000_000)],
        ['changed', 'B'],
        ['link', 'linked'],
        ['to-d/a', 'behind'],
        ['d', 'directory'],
        ['missing', 'missing'],
        ['\xff', 'odd'],
        ['empty', ''],
      ),
    });
    expect([decoded.length, failed.length]).toEqual([4, 5]);
    expect(Object.keys(places.cached()).sort()).toEqual([...decoded].sort());
    for (const digest of decoded) expect(places.contents.verify(digest)).toBe(true);
    expect(openHandles()).toBe(handles);
  });

  test('of what can not be read fail, and the others come all the same', () => {
    // Reading a process' memory from its beginning is an EIO, as reading a bad sector is.
    const comm = readFileSync('/proc/self/comm', 'utf8');
    const { decoded, failed } = copyBlobs(REAL_DISK, {
      places: { ...places, root: '/proc/self' },
      items: items(['mem', 'x'], ['comm', comm]),
    });
    expect([decoded, failed.map(({ digest }) => digest)]).toEqual([[digestOf(comm)], [digestOf('x')]]);
    expect(Object.keys(places.cached())).toEqual([digestOf(comm)]);
  });

  test('that can not be written are an error of the disk', async () => {
    plant(places.root, { a: file('a') });
    mkdirSync(join(places.cache, digestOf('a')));
    expect(await codeOf(() => copyBlobs(REAL_DISK, { places, items: items(['a', 'a']) }))).toBe('EISDIR');
  });
});

test('which paths have which blob: what was seen before what is recorded', () => {
  const installed: Tree = {
    a: file('a'),
    b: file('a'),
    changed: file('old'),
    config: file('conf', { pathClass: 'config' }),
    state: file('state', { pathClass: 'state' }),
    gone: file('gone'),
  };
  const target: Tree = { ...installed, changed: file('new'), right: file('right') };
  const { root, cache, downloads } = places;
  expect([root, cache, downloads]).not.toContain(undefined);
  const seen = (text: string): object => ({ type: 'file', digest: digestOf(text) });
  const blobs = localBlobs({
    installedTree: systemTree(installed),
    targetTree: systemTree(target),
    scope: new Set(['changed', 'right', 'gone'].map(parseRepoPath)),
    observed: new Map([
      [parseRepoPath('changed'), seen('edited')],
      [parseRepoPath('gone'), { type: 'missing' }],
    ]) as never,
  });
  expect(Object.fromEntries(blobs)).toEqual({
    [digestOf('a')]: ['a', 'b'],
    [digestOf('edited')]: ['changed'],
    [digestOf('right')]: ['right'],
  });
});

describe('downloads on the disk', () => {
  test('are a flat folder', async () => {
    const directory = REAL_DISK.openRoot(places.downloads);
    const files = diskDownloads(directory);
    expect([files.sizeOf('x'), files.readText('x')]).toEqual([undefined, undefined]);
    const first = await files.append('x', 0);
    await first.write(bytesOf('abcdef'));
    await first.sync();
    await first.close();
    const second = await files.append('x', 3);
    await second.write(bytesOf('XY'));
    await second.close();
    expect([files.sizeOf('x'), files.readText('x')]).toEqual([5, 'abcXY']);
    expect(files.hash('x')).toEqual({ digest: digestOf('abcXY'), size: 5 });
    files.writeText('x', 'new');
    files.rename('x', 'y');
    expect([files.sizeOf('x'), files.readText('y')]).toEqual([undefined, 'new']);
    files.remove('y');
    files.remove('y');
    expect(directory.list()).toEqual([]);
    directory.close();
  });
});

describe('acquiring', () => {
  const blobOf = (text: string): NeededBlob => ({
    digest: digestOf(text),
    size: text.length,
    storedSize: 10_000 + text.length,
  });
  const [a, b, c] = ['a', 'b', 'c'].map(blobOf) as [NeededBlob, NeededBlob, NeededBlob];
  const pack = { from: 0, digest: 'f'.repeat(64) as Digest, size: 100 };
  const bundle = {
    bundle: { name: 'p', version: 10, packs: [pack], deltaIndex: undefined } as unknown as MomBundle,
    blobs: new Map([a, b, c].map(({ digest, storedSize }) => [digest, storedSize])),
    installed: undefined,
  };

  /** Runs rounds in which sources whose ids match `working` give what they have; the others fail. */
  async function acquire(
    working: RegExp,
    options: Partial<AcquireInput> = {},
    cause: Error | null = new Error('refused'),
  ) {
    const rounds: string[][] = [];
    const idOf = (source: Source): string => (source.kind === 'copy' ? source.id : source.kind);
    const tryRound = async (sources: readonly Source[]): Promise<RoundResult> => {
      rounds.push(sources.map(idOf));
      const good = sources.filter((source) => working.test(idOf(source)));
      const bad = sources.filter((source) => !good.includes(source));
      return {
        acquired: good
          .flatMap((source) => ('blobs' in source ? source.blobs : [source.blob]))
          .map(({ digest }) => digest),
        failures: bad.map(({ id }) => ({
          source: id,
          reason: 'refused',
          ...(cause === null ? {} : { cause }),
        })),
      };
    };
    const local = new Map([[a.digest, ['x', 'y'].map(parseRepoPath)]]);
    const bundles = options.bundles ?? [bundle];
    const deltas = new LooseDeltas({ bundles, local, fetchDocument: async () => bytesOf('') });
    const heads = new PackHeads({
      bundles,
      local,
      manifestsOf: () => {
        throw new TypeError('no head is worth a look');
      },
      fetchPart: () => Promise.reject(new TypeError('no head is worth a look')),
    });
    const cache = places.contents;
    const downloads = REAL_DISK.openRoot(places.downloads);
    const input = {
      needed: [a, b, c],
      bundles,
      local,
      deltas,
      heads,
      cache,
      downloads,
      tryRound,
      ...options,
    };
    const outcome = await acquireContent(input).then(
      (failures) => failures.map(({ source }) => source.split(':')[0]),
      (error: unknown) => error,
    );
    const preview = await previewSources(input);
    downloads.close();
    return { rounds, outcome, preview };
  }

  test('the first round brings all where nothing fails', async () => {
    expect(await acquire(/./)).toMatchObject({ rounds: [['copy:x', 'pack']], outcome: [] });
  });

  test.each([
    ['one copy after the other', /copy:y|pack/, [['copy:x', 'pack'], ['copy:y']], ['copy']],
    [
      'then the pack, if it is worth it',
      /pack|fullfile/,
      [['copy:x', 'pack'], ['copy:y'], ['fullfile']],
      ['copy', 'copy'],
    ],
    [
      'a pack that fails, then fullfiles',
      /copy|fullfile/,
      [
        ['copy:x', 'pack'],
        ['fullfile', 'fullfile'],
      ],
      ['pack'],
    ],
    [
      'everything in turn',
      /fullfile/,
      [['copy:x', 'pack'], ['copy:y', 'fullfile', 'fullfile'], ['fullfile']],
      ['copy', 'pack', 'copy'],
    ],
  ])('%s', async (_, working, rounds, failures) => {
    expect(await acquire(working)).toMatchObject({ rounds, outcome: failures });
  });

  test('a fullfile that came with other bytes is fetched once more', async () => {
    const { rounds } = await acquire(/none/, { bundles: [], local: new Map(), needed: [a] }, null);
    expect(rounds).toEqual([['fullfile'], ['fullfile']]);
  });

  test('when nothing is left, what failed is told', async () => {
    const { outcome, rounds } = await acquire(/copy|pack/, { bundles: [] });
    expect(outcome).toMatchObject({
      code: 'content-unavailable',
      exit: 17,
      details: { digests: [b.digest, c.digest] },
    });
    expect(rounds).toEqual([['copy:x', 'fullfile', 'fullfile']]);
  });

  test('what is in the cache is verified, and not fetched', async () => {
    const digest = keep('b');
    keep('c');
    writeFileSync(join(places.cache, c.digest), 'C');
    expect((await acquire(/./)).rounds).toEqual([['copy:x', 'pack']]);
    expect([places.contents.has(digest), places.contents.has(c.digest)]).toEqual([true, false]);
  });

  test('the preview is exact and touches nothing', async () => {
    const { preview } = await acquire(/./);
    expect([preview.downloadBytes, preview.requests]).toEqual([100, 1]);
  });

  test('a list of loose deltas that can not be had is as good as none', async () => {
    const deltaIndex = { digest: a.digest, size: 1, storedDigest: a.digest, storedSize: 1 };
    const offers = [
      {
        ...bundle,
        bundle: { ...bundle.bundle, packs: [], deltaIndex },
        installed: { version: 5, blobs: new Set<Digest>() },
      },
    ];
    const deltas = new LooseDeltas({
      bundles: offers,
      local: new Map(),
      fetchDocument: () => Promise.reject(new Error('not found')),
    });
    const { outcome, rounds } = await acquire(/./, { bundles: offers, deltas });
    expect([outcome, rounds]).toEqual([[], [['copy:x', 'fullfile', 'fullfile']]]);
  });
});

describe('the outcome of a task', () => {
  const outcomeOf = async (error: unknown): Promise<unknown> => {
    const outcome = structuredClone(
      await asTask(() => {
        throw error;
      })(undefined),
    );
    try {
      return openOutcome(outcome);
    } catch (caught) {
      return caught;
    }
  };

  test('is its value', async () => {
    expect(openOutcome(await asTask(async (x: number) => x + 1)(1))).toBe(2);
  });

  test('keeps the code of a failed system call', async () => {
    const error = await codeOf(() => readFileSync('/nothing/here'));
    expect(error).toBe('ENOENT');
    const thrown = await outcomeOf(Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }));
    expect(thrown).toMatchObject({ message: 'full', code: 'ENOSPC', syscall: 'write' });
  });

  test('makes no failed system call of another error with a code', async () => {
    const thrown = await outcomeOf(Object.assign(new Error('bad'), { code: 'ERR_OUT_OF_RANGE' }));
    expect(thrown).toMatchObject({ message: 'bad', code: 'ERR_OUT_OF_RANGE' });
    expect('syscall' in (thrown as object)).toBe(false);
  });

  test.each([['text'], [undefined], [null], [{ message: 'odd' }]])(
    'survives %j being thrown',
    async (thrown) => {
      expect(await outcomeOf(thrown)).toBeInstanceOf(Error);
    },
  );

  test('comes out of a worker thread', async () => {
    const executor = workerExecutor(1);
    plant(places.root, { a: file('a') });
    mkdirSync(join(places.cache, digestOf('a')));
    const { root, cache } = places;
    const task = { places: { root, cache }, items: [{ path: parseRepoPath('a'), digest: digestOf('a') }] };
    expect(await codeOf(() => executor.copy(task))).toBe('EISDIR');
    linkSync(join(places.root, 'a'), join(places.root, 'b'));
    await executor.close();
  });
});
