import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImageLiteral } from '../support/image.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { Scene } from '../support/scene.ts';
import { snapshotTree } from '../support/snapshot-tree.ts';
import { directory, file, hardLink, symlink, xattr } from '../support/tree.ts';

const root = { uid: 0, gid: 0 };

/** A bit of everything, with all owners named. */
function image(version: number): ImageLiteral {
  const library = noise(1, 40_000);
  return {
    bundles: {
      'os-core': {
        usr: directory(root),
        'usr/lib': directory(root),
        'usr/lib/library.so': file(version === 10 ? library : slightlyChanged(library), root),
        'usr/lib/odd\xff\tname': file(`odd ${version}`, root),
        'usr/lib/second': hardLink('usr/lib/library.so'),
        'usr/lib/text': file(`${'text that compresses well\n'.repeat(400)}${version}`, root),
        'usr/attributes': file('x', { ...root, mode: 0o4750, xattrs: [xattr('user.key', 'value')] }),
        'usr/link': symlink('lib/library.so', root),
        etc: directory(root),
        'etc/config': file(`setting = ${version}`, root),
      },
      more: { usr: directory(root), 'usr/more': file(noise(version, 3_000), root) },
    },
    toml: '[bundles.more]\ndescription = "more of it"\n[classes]\nconfig = ["/etc/**"]\n',
  };
}

const KEYS = 200;

async function build(scene: Scene, jobs: number): Promise<string> {
  await scene.repository.build(10, image(10), { jobs });
  await scene.repository.build(20, image(20), { jobs });
  return digestsOf(scene.repository.path);
}

test('the same input gives the same repository, bit for bit, and the one that it always was', async () => {
  using first = new Scene({ seed: KEYS });
  using second = new Scene({ seed: KEYS });
  const digests = await build(first, 1);
  expect(await build(second, 3)).toBe(digests);
  await expect(digests).toMatchFileSnapshot('../golden/repository.txt');
});

test('and so without the cache of the builds before', async () => {
  using first = new Scene({ seed: KEYS });
  using second = new Scene({ seed: KEYS });
  await first.repository.build(10, image(10));
  await second.repository.build(10, image(10));
  rmSync(join(second.folder, 'work'), { recursive: true });
  await first.repository.build(20, image(20));
  await second.repository.build(20, image(20));
  expect(digestsOf(second.repository.path)).toBe(digestsOf(first.repository.path));
});

/** `sha256sum` of all files, sorted by name. */
function digestsOf(folder: string): string {
  const files = [...snapshotTree(folder)].filter(([, { type }]) => type === 'file');
  return files.map(([path]) => `${digestOf(join(folder, path))}  ${path}\n`).join('');
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
