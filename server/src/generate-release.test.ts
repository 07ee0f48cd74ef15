import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Entry, parseDeltaIndex } from '@swupd/manifests';
import { formatTime } from '@swupd/manifests/trust';
import { bytesOf, decompressFrame } from '@swupd/shared';
import { type readXattrs, writeXattrs } from '@swupd/shared/io';
import { describe, expect, test } from 'vitest';
import { type Lab, listFiles, manifestOf, noise, openLab, readMom, TIME } from './test-build.ts';

const entryAt = (lab: Lab, version: number, bundle: string, path: string): Entry | undefined =>
  manifestOf(lab.repository, version, bundle).entries.find((entry) => entry.path === path);

const bundleOf = (lab: Lab, version: number, name: string) =>
  readMom(lab.repository, version).bundles.find((bundle) => bundle.name === name);

/** Three versions of an image with changed, renamed, added, removed and kept files in three bundles. */
function writeVersion(lab: Lab, version: number): void {
  lab.write({
    'bundles.toml': '[bundles.shell]\ndescription = "a shell"\n[bundles.tools]\nincludes = ["shell"]\n',
    'os-core/usr/lib/kept.txt': noise(3000, 1),
    'os-core/usr/lib/changed.txt': `${noise(40_000, 2)} ${version}`,
    [`os-core/usr/lib/lib-1.2.${version}.so`]: `${noise(20_000, 3)} ${version}`,
    [`os-core/usr/lib/lib-1.2.${version - 10}.so`]: null,
    'shell/usr/bin/sh': { text: noise(5000, 4), mode: 0o4755 },
    'tools/usr/bin/sh': { text: noise(5000, 4), mode: 0o4755 },
    'tools/usr/bin/tool': version < 30 ? noise(9000, 5) : `${noise(9000, 5)} new`,
    [version === 10 ? 'tools/usr/share/old-name' : 'tools/usr/share/other']: `${noise(30_000, 6)} ${version}`,
    ...(version === 10 ? {} : { 'tools/usr/share/old-name': null }),
  });
}

async function buildThree(
  lab: Lab,
  jobs: number,
  prepare: (version: number) => void = () => {},
): Promise<void> {
  for (const version of [10, 20, 30]) {
    writeVersion(lab, version);
    prepare(version);
    await lab.build(version, { jobs });
  }
}

describe('generateRelease', () => {
  test('gives each bundle what its includes do not have, and versions to what changed', async () => {
    using lab = openLab();
    await buildThree(lab, 2);
    expect(
      manifestOf(lab.repository, 30, 'tools').entries.map(({ path, version }) => [path, version]),
    ).toEqual([
      ['usr/bin/tool', 30],
      ['usr/share', 10],
      ['usr/share/other', 30],
    ]);
    expect(bundleOf(lab, 30, 'shell')?.version).toBe(10);
    expect(
      manifestOf(lab.repository, 30, 'os-core').entries.map(({ path, version }) => [path, version]),
    ).toEqual([
      ['usr', 10],
      ['usr/lib', 10],
      ['usr/lib/changed.txt', 30],
      ['usr/lib/kept.txt', 10],
      ['usr/lib/lib-1.2.30.so', 30],
    ]);
    expect(bundleOf(lab, 30, 'os-core')?.packs.map(({ from }) => from)).toEqual([0, 10, 20]);
  });

  test('makes deltas for changed and for renamed files, and packs that are far smaller', async () => {
    using lab = openLab();
    writeVersion(lab, 10);
    await lab.build(10);
    writeVersion(lab, 20);
    const { summary } = await lab.build(20);
    // changed.txt, the library with its version in its name, and the file that only its content tells.
    expect(summary.deltas.count).toBe(3);
    const index = bundleOf(lab, 20, 'tools')?.deltaIndex;
    const path = join(lab.repository, 'documents', index?.digest.slice(0, 2) ?? '', `${index?.digest}.zst`);
    const { deltas } = parseDeltaIndex(decompressFrame(readFileSync(path), index?.size ?? 0));
    expect(deltas.map(({ to }) => to)).toEqual([
      (entryAt(lab, 20, 'tools', 'usr/share/other') as { digest?: string }).digest,
    ]);
    expect(summary.updates).toHaveLength(1);
    expect(summary.updates[0]?.bytes).toBeLessThan(summary.installBytes / 10);
  });

  test.each([
    ['another number of threads', (lab: Lab) => buildThree(lab, 3)],
    [
      'no cache',
      (lab: Lab) =>
        buildThree(lab, 2, () => rmSync(`${lab.repository}.work`, { recursive: true, force: true })),
    ],
    [
      'other times and inodes of the image',
      (lab: Lab) =>
        buildThree(lab, 2, (version) => {
          cpSync(lab.image, `${lab.image}.copy`, { recursive: true });
          rmSync(lab.image, { recursive: true });
          renameSync(`${lab.image}.copy`, lab.image);
          utimesSync(join(lab.image, 'os-core/usr/lib/kept.txt'), version, version);
        }),
    ],
  ])('gives the same repository bit for bit with %s', async (_, run) => {
    using one = openLab();
    using other = openLab();
    await buildThree(one, 1);
    await run(other);
    expect(listFiles(other.repository)).toEqual(listFiles(one.repository));
  });

  test('changes nothing but the MoM for identical trees', async () => {
    using lab = openLab();
    await buildThree(lab, 2);
    const before = Object.keys(listFiles(lab.repository));
    const { summary } = await lab.build(40, { rehash: true });
    expect(summary).toMatchObject({ changedBundles: [], newBlobs: { count: 0 }, previous: 30 });
    const added = Object.keys(listFiles(lab.repository)).filter((name) => !before.includes(name));
    expect(added.map((name) => name.replace(/[0-9a-f]{64}/, 'ID'))).toEqual([
      'metadata/4.stable.json',
      'metadata/5.snapshot.json',
      'releases/40/ID.sig',
      'releases/40/mom',
      'targets/stable/40/ID.mom',
    ]);
    expect(bundleOf(lab, 40, 'tools')).toEqual(bundleOf(lab, 30, 'tools'));
  });

  test('forgets packs and deltas from builds that have left the window', async () => {
    using lab = openLab();
    await buildThree(lab, 2);
    await lab.build(40, { deltas: 2 });
    expect(bundleOf(lab, 40, 'os-core')?.packs.map(({ from }) => from)).toEqual([0, 20]);
    await lab.build(50, { deltas: 0 });
    expect(bundleOf(lab, 50, 'os-core')?.packs.map(({ from }) => from)).toEqual([0]);
    expect(bundleOf(lab, 50, 'os-core')).toMatchObject({
      differences: [],
      deltaIndex: undefined,
      version: 30,
    });
    await lab.build(60, { deltas: 5 });
    expect(bundleOf(lab, 60, 'os-core')?.packs).toEqual(bundleOf(lab, 30, 'os-core')?.packs);
    expect(bundleOf(lab, 60, 'os-core')?.deltaIndex).toEqual(bundleOf(lab, 30, 'os-core')?.deltaIndex);
  });

  test.each([
    [30, 'version-exists'],
    [29, 'version-too-low'],
  ])('refuses version %i after 30: %s', async (version, code) => {
    using lab = openLab();
    await lab.build(30);
    const before = listFiles(lab.repository);
    await expect(lab.build(version)).rejects.toMatchObject({ code });
    expect(listFiles(lab.repository)).toEqual(before);
  });

  test('carries type, mode, owner, links, hard links and any name', async () => {
    using lab = openLab();
    lab.write({
      'os-core/b': 'shared content',
      'os-core/a': { same: 'os-core/b' },
      'os-core/empty': '',
      'os-core/link': { link: '../no where\n' },
      'os-core/sticky': { folder: true },
      'os-core/tab\tnew\nline': 'odd',
    });
    execFileSync('chmod', ['1777', join(lab.image, 'os-core/sticky')]);
    execFileSync('chown', ['-h', '12:34', join(lab.image, 'os-core/link')]);
    writeFileSync(
      Buffer.concat([Buffer.from(join(lab.image, 'os-core/')), Buffer.from([0xff, 0x80])]),
      'bytes',
    );
    await lab.build(10);
    const { entries } = manifestOf(lab.repository, 10, 'os-core');
    expect(entries.map(({ path }) => path)).toEqual([
      'a',
      'b',
      'empty',
      'link',
      'sticky',
      'tab\tnew\nline',
      '\xff\x80',
    ]);
    expect(entries[0]).toMatchObject({ type: 'file', linkTo: undefined });
    expect(entries[1]).toMatchObject({ type: 'file', linkTo: 'a', size: 14 });
    expect(entries[2]).toMatchObject({ type: 'file', size: 0, storedSize: 0 });
    expect(entries[3]).toMatchObject({ type: 'symlink', target: '../no where\n', uid: 12, gid: 34 });
    expect(entries[4]).toMatchObject({ type: 'directory', mode: 0o1777 });
  });

  test('carries extended attributes; a change of them alone needs no content', async () => {
    using lab = openLab();
    lab.write({ 'os-core/usr/bin/ping': 'ping' });
    await lab.build(10);
    const file = join(lab.image, 'os-core/usr/bin/ping');
    const [name, value] = ['user.note', 'a\0b'].map((text) => Buffer.from(text).toString('latin1'));
    writeXattrs(file, [{ name, value }] as unknown as ReturnType<typeof readXattrs>);
    const { summary } = await lab.build(20);
    expect(summary.newBlobs.count).toBe(0);
    expect(entryAt(lab, 20, 'os-core', 'usr/bin/ping')).toMatchObject({
      version: 20,
      xattrs: [{ name, value }],
    });
  });

  test('publishes the same content in two unrelated bundles once', async () => {
    using lab = openLab();
    lab.write({ 'a/usr/x': noise(5000, 1), 'b/usr/x': noise(5000, 1), 'b/usr/y': noise(5000, 1) });
    const { summary } = await lab.build(10);
    expect(summary.blobs.count).toBe(1);
  });

  test('refuses two bundles that differ at a path, and names both', async () => {
    using lab = openLab();
    lab.write({ 'a/usr/x': 'one', 'b/usr/x': 'two' });
    await expect(lab.build(10)).rejects.toMatchObject({
      code: 'path-conflict',
      details: { path: '/usr/x', bundles: ['a', 'b'] },
    });
    expect(readdirSync(lab.repository)).toEqual(['metadata']);
  });

  test('refuses a socket, and names it', async () => {
    using lab = openLab();
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(lab.image, 'os-core/sock'), done));
    await expect(lab.build(10)).rejects.toMatchObject({
      code: 'unsupported-file',
      details: { path: '/sock' },
    });
    await new Promise((done) => server.close(done));
  });

  test.each(['build', 'snapshot', 'timestamp'])(
    'refuses a missing, a garbled and a foreign %s key',
    async (role) => {
      using lab = openLab();
      const path = join(`${lab.repository}.keys`, `${role}.key`);
      const good = readFileSync(path, 'latin1');
      const before = listFiles(lab.repository);
      writeFileSync(path, good.replace(/[0-9a-f]{64}/, 'ab'.repeat(32)));
      const missing = { code: 'keys-missing', details: { role, signed: 0, threshold: 1 } };
      await expect(lab.build(10)).rejects.toMatchObject(missing);
      writeFileSync(path, good.slice(0, -8));
      await expect(lab.build(10)).rejects.toMatchObject({ code: 'bad-key', details: { path } });
      rmSync(path);
      await expect(lab.build(10)).rejects.toMatchObject(missing);
      expect(listFiles(lab.repository)).toEqual(before);
    },
  );

  test('refuses to build on a damaged manifest of an earlier build', async () => {
    using lab = openLab();
    lab.write({ 'os-core/usr/x': 'x' });
    await lab.build(10);
    for (const name of Object.keys(listFiles(lab.repository)).filter((path) =>
      path.startsWith('documents/'),
    )) {
      writeFileSync(join(lab.repository, name), bytesOf('garbage'));
    }
    await expect(lab.build(20)).rejects.toMatchObject({ code: 'bad-repository' });
  });

  test('a second build at the same time is refused', async () => {
    using lab = openLab();
    writeVersion(lab, 10);
    const results = await Promise.allSettled([lab.build(10), lab.build(20)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'build-running' },
    });
  });

  test('signs for as long as it is told', async () => {
    using lab = openLab();
    await lab.build(10, { expiresDays: 2 });
    const { signed } = JSON.parse(readFileSync(join(lab.repository, 'metadata/timestamp.json'), 'utf8'));
    expect(signed).toMatchObject({
      version: 2,
      time: formatTime(TIME + 10),
      expires: formatTime(TIME + 10 + 2 * 86_400),
    });
  });
});
