import { chmodSync, chownSync, lchownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '@swupd/client';
import { parseRepoPath } from '@swupd/shared';
import { writeXattrs } from '@swupd/shared/io';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectBuild, expectSameTree, Scene } from '../support/scene.ts';
import type { TestDevice } from '../support/test-device.ts';
import { file, hardLink, symlink, type Tree, xattr } from '../support/tree.ts';

const TREE: Tree = {
  'usr/bin/program': file('program', { mode: 0o4755 }),
  'usr/bin/alias': symlink('program'),
  'usr/lib/a': file('lib'),
  'usr/lib/b': hardLink('usr/lib/a'),
  'usr/share/deep/er/doc': file('doc', { xattrs: [xattr('user.lang', 'en')] }),
};

interface Row {
  readonly damage: string;
  readonly apply: (at: (path: string) => string) => void;
  readonly found: readonly (readonly [path: string, problem: Problem])[];
}

const ROWS: readonly Row[] = [
  {
    damage: 'a removed file',
    apply: (at) => rmSync(at('usr/bin/program')),
    found: [['usr/bin/program', 'missing']],
  },
  {
    damage: 'a removed tree',
    apply: (at) => rmSync(at('usr/share'), { recursive: true }),
    found: [
      ['usr/share', 'missing'],
      ['usr/share/deep', 'missing'],
      ['usr/share/deep/er', 'missing'],
      ['usr/share/deep/er/doc', 'missing'],
    ],
  },
  {
    damage: 'other content of the same size',
    apply: (at) => writeFileSync(at('usr/bin/program'), 'Program'),
    found: [['usr/bin/program', 'modified']],
  },
  {
    damage: 'other content of another size',
    apply: (at) => writeFileSync(at('usr/share/deep/er/doc'), ''),
    found: [['usr/share/deep/er/doc', 'modified']],
  },
  {
    damage: 'a wrong mode',
    apply: (at) => chmodSync(at('usr/bin/program'), 0o755),
    found: [['usr/bin/program', 'wrong-mode']],
  },
  {
    damage: 'a wrong mode of a directory',
    apply: (at) => chmodSync(at('usr/share/deep'), 0o1777),
    found: [['usr/share/deep', 'wrong-mode']],
  },
  {
    damage: 'a wrong owner',
    apply: (at) => chownSync(at('usr/share/deep/er/doc'), 5, 6),
    found: [['usr/share/deep/er/doc', 'wrong-owner']],
  },
  {
    damage: 'a wrong owner of a link',
    apply: (at) => lchownSync(at('usr/bin/alias'), 5, 6),
    found: [['usr/bin/alias', 'wrong-owner']],
  },
  {
    damage: 'a link elsewhere',
    apply: (at) => {
      rmSync(at('usr/bin/alias'));
      symlinkSync('/no/such/file', at('usr/bin/alias'));
    },
    found: [['usr/bin/alias', 'wrong-link']],
  },
  {
    damage: 'a changed attribute',
    apply: (at) => writeXattrs(at('usr/share/deep/er/doc'), [xattr('user.lang', 'de')]),
    found: [['usr/share/deep/er/doc', 'wrong-xattrs']],
  },
  {
    damage: 'an additional attribute',
    apply: (at) => writeXattrs(at('usr/lib/a'), [xattr('user.x', 'y')]),
    found: [
      ['usr/lib/a', 'wrong-xattrs'],
      ['usr/lib/b', 'wrong-xattrs'],
    ],
  },
  {
    damage: 'a directory in the place of a file',
    apply: (at) => {
      rmSync(at('usr/bin/program'));
      mkdirSync(at('usr/bin/program'));
    },
    found: [['usr/bin/program', 'wrong-type']],
  },
  {
    damage: 'a file in the place of a link',
    apply: (at) => {
      rmSync(at('usr/bin/alias'));
      writeFileSync(at('usr/bin/alias'), 'program');
    },
    found: [['usr/bin/alias', 'wrong-type']],
  },
  {
    damage: 'a hard link that became a file of its own',
    apply: (at) => {
      rmSync(at('usr/lib/b'));
      writeFileSync(at('usr/lib/b'), 'lib');
    },
    found: [['usr/lib/b', 'not-linked']],
  },
];

describe('verify', () => {
  let scene: Scene;
  let device: TestDevice;
  beforeAll(async () => {
    scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': TREE } });
  });
  afterAll(() => scene[Symbol.dispose]());
  beforeEach(async () => {
    device = scene.device();
    await device.install();
  });
  const at = (path: string): string => join(device.root, path);

  test.each(ROWS)('finds $damage, changes nothing, and --fix puts it right', async ({ apply, found }) => {
    apply(at);
    const before = device.snapshot();
    const { findings } = await device.diagnose();
    expect(findings.map(({ path, problem }) => [path, problem])).toEqual(found);
    expect(device.snapshot()).toEqual(before);
    await device.repair();
    expect((await device.diagnose()).findings).toEqual([]);
    const kept = [...device.snapshot().keys()].filter((path) => /\.kept-\d+$/.test(path));
    expectSameTree(device.snapshot({ except: kept }), scene.repository.expected(10, ['os-core']));
  });

  test('--quick trusts sizes', async () => {
    writeFileSync(at('usr/bin/program'), 'Program');
    chmodSync(at('usr/bin/program'), 0o4755);
    expect((await device.diagnose({ quick: true })).findings).toEqual([]);
    expect((await device.diagnose()).findings).toHaveLength(1);
  });

  test('--file looks at what is named and below it only', async () => {
    rmSync(at('usr/bin/program'));
    rmSync(at('usr/share/deep/er/doc'));
    const files = [parseRepoPath('usr/bin')];
    expect((await device.diagnose({ files })).findings).toMatchObject([{ path: 'usr/bin/program' }]);
    await device.repair({ files });
    expect((await device.diagnose()).findings).toMatchObject([{ path: 'usr/share/deep/er/doc' }]);
  });

  test('--picky finds and removes what no bundle has, below its tree and outside of the whitelist', async () => {
    mkdirSync(at('usr/extra/deep'), { recursive: true });
    writeFileSync(at('usr/extra/deep/file'), 'x');
    writeFileSync(at('usr/bin/tool'), 'x');
    symlinkSync(scene.folder, at('usr/bin/out'));
    mkdirSync(at('usr/local'));
    writeFileSync(at('usr/local/mine'), 'x');
    mkdirSync(at('home'));
    const options = { picky: true, pickyWhitelist: /^\/usr\/local/ };
    const { findings } = await device.diagnose(options);
    expect(findings.map(({ path, problem }) => `${path} ${problem}`)).toEqual([
      'usr/bin/out extra',
      'usr/bin/tool extra',
      'usr/extra extra',
      'usr/extra/deep extra',
      'usr/extra/deep/file extra',
    ]);
    await device.repair(options);
    expect((await device.diagnose(options)).findings).toEqual([]);
    expectSameTree(
      device.snapshot({ except: ['usr/local', 'home'] }),
      scene.repository.expected(10, ['os-core']),
    );
    expect(device.snapshot().has('usr/local/mine')).toBe(true);
  });

  test('everything at once', async () => {
    const apart = ['a removed file', 'a directory in the place of a file', 'a wrong mode', 'a removed tree'];
    apart.push('a link elsewhere', 'a hard link that became a file of its own');
    for (const { damage, apply } of ROWS.toReversed())
      if (apart.includes(damage)) applyAnyhow(() => apply(at));
    await device.repair({ picky: true });
    const { findings } = await device.diagnose({ picky: true });
    expect(findings.filter(({ path }) => !path.includes('.kept-'))).toEqual([]);
    await device.repair({ picky: true });
    await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  });
});

/** Damage upon damage: what an earlier row has taken away can't be hit again. */
function applyAnyhow(apply: () => void): void {
  try {
    apply();
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/^E/);
  }
}
