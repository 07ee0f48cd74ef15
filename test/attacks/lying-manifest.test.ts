import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMom } from '@swupd/manifests';
import { sha256 } from '@swupd/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scene } from '../support/scene.ts';
import { snapshotTree } from '../support/snapshot-tree.ts';
import { lieInManifest, manifestText, publishMom } from '../support/tamper.ts';
import { file, hardLink, symlink, type Tree } from '../support/tree.ts';

const TEN: Tree = { 'usr/a': file('aaaa'), 'usr/link': symlink('a') };
const TWENTY: Tree = { 'usr/a': file('bbbb'), 'usr/dir/x': file('xxxx'), 'usr/link': symlink('a') };

interface Lie {
  readonly lie: string;
  /** What becomes of a true manifest. */
  readonly tell: (text: string) => string;
  readonly code: string;
  readonly exit: number;
}

const DIGEST = sha256(Buffer.from('bbbb'));

function replacing(lie: string, from: string | RegExp, to: string, code = 'bad-manifest', exit = 14): Lie {
  const tell = (text: string): string => {
    const told = text.replace(from, to);
    if (told === text) throw new TypeError(`the lie "${lie}" changes nothing`);
    return told;
  };
  return { lie, tell, code, exit };
}

/** Each is the only thing that is wrong: all digests and signatures around it are right. */
const LIES: readonly Lie[] = [
  replacing('another size', /\t4\t4\t/, '\t5\t5\t', 'content-unavailable', 17),
  replacing('a smaller size', /\t4\t4\t/, '\t3\t3\t', 'content-unavailable', 17),
  replacing('an enormous size', /\t4\t4\t/, '\t900000000000\t4\t', 'no-space', 25),
  replacing('another digest', DIGEST, 'ab'.repeat(32), 'content-unavailable', 17),
  replacing('a path that climbs', 'usr/dir/x', 'usr/../../x'),
  replacing('a path with dot', 'usr/dir/x', 'usr/./x'),
  replacing('an absolute path', 'usr/dir/x', '/etc/x'),
  replacing('a path with an empty component', 'usr/dir/x', 'usr//x'),
  replacing('a path with NUL', 'usr/dir/x', 'usr/dir/\\x00'),
  replacing('a path with NUL as it is', 'usr/dir/x', 'usr/dir/\0'),
  replacing('a name that is too long', 'usr/dir/x', `usr/dir/${'x'.repeat(256)}`),
  replacing('a path below a symbolic link', 'usr/dir/x', 'usr/link/x'),
  replacing('a path below a file', 'usr/dir/x', 'usr/a/x'),
  replacing('a path below nothing', 'usr/dir/x', 'usr/nowhere/x'),
  replacing('a hard link that climbs', /^f(.*usr\/dir\/x\t)-/m, 'h$1../../etc/passwd'),
  replacing('a path twice', /^(f.*usr\/dir\/x.*\n)/m, '$1$1'),
  replacing('an unknown type', /^f/m, 'p'),
  replacing('a mode with more bits', /\t644\t/, '\t10644\t'),
  replacing('fewer entries than announced', /^f.*usr\/dir\/x.*\n/m, ''),
  replacing('the manifest of another bundle', 'bundle\tos-core', 'bundle\tother', 'manifest-unavailable'),
  replacing('an unknown format', 'swupd-manifest\t1', 'swupd-manifest\t2', 'unknown-format'),
  replacing('another kind of document', 'swupd-manifest\t1', 'swupd-mom\t1'),
];

describe('a signed manifest that lies', () => {
  let scene: Scene;
  let honest: string;
  beforeAll(async () => {
    scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': TEN } });
    await scene.repository.build(20, { bundles: { 'os-core': TWENTY } });
    honest = manifestText(scene.repository, 20, 'os-core');
  });
  afterAll(() => scene[Symbol.dispose]());

  test.each(LIES)('$lie: $code, and nothing has changed', async ({ tell, code, exit }) => {
    lieInManifest(scene.repository, 20, { bundle: 'os-core', text: honest });
    const device = scene.device();
    await device.install({ version: 10 });
    lieInManifest(scene.repository, 20, { bundle: 'os-core', text: tell(honest) });
    const around = snapshotTree(join(device.root, '..'), { except: ['state'] });
    await expect(device.update()).rejects.toMatchObject({ code, exit });
    expect(snapshotTree(join(device.root, '..'), { except: ['state'] })).toEqual(around);
    expect((await device.diagnose()).findings).toEqual([]);

    const fresh = scene.device();
    await expect(fresh.install()).rejects.toMatchObject({ code, exit });
    expect(fresh.snapshot().size).toBe(0);

    lieInManifest(scene.repository, 20, { bundle: 'os-core', text: honest });
    await device.update();
    expect((await device.diagnose()).findings).toEqual([]);
  });
});

/** The client need not believe what a manifest says of links: such a path is a file of its own. */
describe('a signed manifest that lies about hard links', () => {
  const GROUP: Tree = { 'usr/a': file('a'), 'usr/b': hardLink('usr/a'), 'usr/dir/c': file('c') };

  test.each([
    ['to a directory', /^(h.*\t)usr\/a\t/m, '$1usr\t'],
    ['to nothing', /^(h.*\t)usr\/a\t/m, '$1usr/0\t'],
    ['to a file with other content', /^f(.*usr\/dir\/c\t)-/m, 'h$1usr/a'],
    ['to a file with another mode', /^h\t644/m, 'h\t600'],
    ['to a file with another owner', /^h\t644\t0/m, 'h\t644\t7'],
  ] as const)('%s', async (_, from, to) => {
    using scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': GROUP } });
    const honest = manifestText(scene.repository, 10, 'os-core');
    const text = honest.replace(from, to);
    expect(text).not.toBe(honest);
    lieInManifest(scene.repository, 10, { bundle: 'os-core', text });
    const device = scene.device();
    await device.install();
    expect((await device.diagnose()).findings).toEqual([]);
    await device.repair();
    const contents = ['usr/a', 'usr/b', 'usr/dir/c'].map((path) =>
      readFileSync(join(device.root, path), 'utf8'),
    );
    expect(contents).toEqual(['a', 'a', 'c']);
  });
});

describe('metadata that lies', () => {
  test.each([
    [
      'an unknown format of the MoM',
      (text: string) => text.replace('swupd-mom\t1', 'swupd-mom\t2'),
      'unknown-format',
      14,
    ],
    [
      'a MoM of another build',
      (text: string) => text.replace('version\t20', 'version\t21'),
      'mom-mismatch',
      4,
    ],
    [
      'a MoM without os-core',
      (text: string) => text.replace(/^bundle\tos-core.*\n/m, ''),
      'bad-manifest',
      14,
    ],
    [
      'a bundle with a hostile name',
      (text: string) => text.replace('bundle\tos-core', 'bundle\t../os-core'),
      'bad-manifest',
      14,
    ],
  ] as const)('%s', async (_, tell, code, exit) => {
    using scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': TEN } });
    const device = scene.device();
    await device.install();
    await scene.repository.build(20, { bundles: { 'os-core': TWENTY } });
    const before = device.snapshot();
    publishMom(
      scene.repository,
      20,
      Buffer.from(tell(formatMom(scene.repository.mom(20)).toString('latin1')), 'latin1'),
    );
    await expect(device.update()).rejects.toMatchObject({ code, exit });
    expect(device.snapshot()).toEqual(before);
  });
});
