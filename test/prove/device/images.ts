import type { ImageLiteral } from '../../support/image.ts';
import { noise, slightlyChanged } from '../../support/noise.ts';
import { directory, file, hardLink, symlink, type Tree, xattr } from '../../support/tree.ts';

const TOML = '[classes]\nconfig = ["/etc/**"]\nboot = ["/boot/**"]\n';

/** A file that a damaged device has lost, and ones that it has changed. */
export const DAMAGE = { lost: 'usr/lib/part-3', changed: ['usr/lib/part-4', 'usr/share/large-1'] } as const;

/** Two builds with each kind of change between them, and a bundle that shares a folder and a file with os-core. */
export const IMAGES: ReadonlyMap<number, ImageLiteral> = new Map([
  [10, { bundles: { 'os-core': core(before(), 10), editors: editors(10) }, toml: TOML }],
  [20, { bundles: { 'os-core': core(after(), 20), editors: editors(20) }, toml: TOML }],
]);

function before(): Tree {
  return {
    'usr/goes': file('goes'),
    'usr/goes-with/all/of-it': file('goes too'),
    'usr/mode': file('m'),
    'usr/to-directory': file('f'),
    'usr/to-file/deep/x': file('x'),
    'usr/to-link/x': file('x'),
    'usr/link': symlink('mode'),
    'usr/group-a': file('1'),
    'usr/group-b': hardLink('usr/group-a'),
  };
}

function after(): Tree {
  return {
    'usr/mode': file('m', { mode: 0o4755, uid: 3, xattrs: [xattr('user.a', 'b')] }),
    'usr/to-directory/new': file('n'),
    'usr/to-file': file('a file'),
    'usr/to-link': symlink('mode'),
    'usr/link': symlink('lib/part-1'),
    'usr/group-a': file('2'),
    'usr/group-b': hardLink('usr/group-a'),
    'usr/new/empty': directory({ mode: 0o711 }),
  };
}

/** Many small files, a few large ones that change a little, a configuration, a kernel, and a link that leads out of the root. */
function core(more: Tree, version: number): Tree {
  return {
    ...more,
    ...numbered('usr/lib/part', 40, (n) => file(noise(n, 500 + 97 * n + (n % 3 === 0 ? version : 0)))),
    ...numbered('usr/share/large', 3, (n) => file(large(n, version))),
    'etc/settings': file(`build ${version}`),
    'boot/kernel': file(noise(version, 20_000)),
    'usr/lib/outside': symlink('../../../outside'),
    'usr/lib/shared': file('shared'),
  };
}

function editors(version: number): Tree {
  return {
    ...numbered('usr/bin/editor', 12, (n) => file(noise(100 + n, 3000 + (n % 2) * version), { mode: 0o755 })),
    'usr/share/editors/words': file(large(9, version)),
    'usr/lib/shared': file('shared'),
  };
}

function large(seed: number, version: number): Buffer {
  const bytes = noise(seed, 150_000);
  return version === 10 ? bytes : slightlyChanged(bytes);
}

function numbered(prefix: string, count: number, node: (number: number) => Tree[string]): Tree {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}-${n}`, node(n)])) as Tree;
}
