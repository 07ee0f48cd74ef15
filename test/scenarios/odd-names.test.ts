import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startServer } from '../support/repository-service.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { file, hardLink, symlink, type Tree } from '../support/tree.ts';
import { place } from '../support/write-tree.ts';

/** Byte strings. */
const NAMES = [
  'with space',
  ' leading and trailing ',
  'tab\tinside',
  'line\nbreak',
  'carriage\rreturn',
  'quote"quote\'quote`',
  'back\\slash',
  '\\x41',
  '%2e%2e%2f',
  '...',
  '-',
  '--version',
  '*?[a]{b}',
  '~',
  '#comment',
  'caf\xc3\xa9',
  'latin1-\xe9',
  '\xff\xfe\x80',
  '\x01\x1b[31m\x7f',
  '\xe2\x80\xae reversed',
  'n'.repeat(255),
  '\xe9'.repeat(255),
];

function treeOf(content: string): Tree {
  return Object.fromEntries(
    NAMES.flatMap((name, number) => [
      [`files/${name}`, file(`${content} of ${number}`)],
      [`folders/${name}/${name}`, file(`deep ${number}`)],
      [`links/${name}`, symlink(`../files/${name}`)],
      [`second/${name}`, hardLink(`files/${name}`)],
    ]),
  );
}

test('names of any bytes are installed, updated, damaged and repaired', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': treeOf('content') } });
  await scene.repository.build(20, { bundles: { 'os-core': treeOf('other content') } });
  await using service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });
  await device.install({ version: 10 });
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  await device.update();
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });

  for (const name of NAMES) rmSync(place(device.root, `folders/${name}`), { recursive: true });
  expect((await device.diagnose()).findings).toHaveLength(2 * NAMES.length);
  await device.repair();
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});
