import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { SILENT } from '@swupd/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderSource } from '../../server/src/inspect/folder-source.ts';
import { httpSource } from '../../server/src/inspect/http-source.ts';
import { type InspectOptions, inspectRepository } from '../../server/src/inspect/inspect-repository.ts';
import { forge, offerOn } from '../attacks/forge.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { startServer } from '../support/repository-service.ts';
import { fieldOf, resign } from '../support/resign.ts';
import { Scene } from '../support/scene.ts';
import { lieInManifest, lieInMom, manifestText } from '../support/tamper.ts';
import { BUILD_TIME } from '../support/test-repository.ts';
import { file, type Tree } from '../support/tree.ts';

const DAY = 86_400;
const BIG = noise(1, 50_000);
const TREES: Readonly<Record<number, Tree>> = {
  10: { 'usr/a': file('a'), 'usr/big': file(BIG), 'usr/text': file('text '.repeat(500)) },
  20: { 'usr/a': file('b'), 'usr/big': file(slightlyChanged(BIG)), 'usr/text': file('text '.repeat(500)) },
};
const image = (version: number) => ({
  bundles: { 'os-core': TREES[version] ?? {}, more: { 'usr/m': file(`m ${version} `.repeat(300)) } },
});
const OPTIONS: InspectOptions = {
  anchor: undefined,
  now: BUILD_TIME + 60,
  quick: false,
  lanes: 4,
  progress: SILENT,
};

let scene: Scene;
let pristine: string;
beforeAll(async () => {
  scene = new Scene();
  for (const version of [10, 20]) await scene.repository.build(version, image(version));
  pristine = join(scene.folder, 'pristine');
  cpSync(scene.repository.path, pristine, { recursive: true });
});
afterAll(() => scene[Symbol.dispose]());

/** Puts the repository back as it was, and does something to it. */
function damage(work: (path: string) => void): void {
  const { path } = scene.repository;
  rmSync(path, { recursive: true });
  cpSync(pristine, path, { recursive: true });
  work(path);
}

async function inspect(options: Partial<InspectOptions> = {}) {
  return inspectRepository(folderSource(scene.repository.path), { ...OPTIONS, ...options });
}

/** `CODE NAME` of what is found. */
async function found(options: Partial<InspectOptions> = {}): Promise<string[]> {
  const { findings } = await inspect(options);
  return findings.map(({ code, name }) => `${code} ${name}`);
}

describe('a good repository has no finding', () => {
  test.each([{ quick: false }, { quick: true }])('in a folder, %j', async ({ quick }) => {
    damage(() => {});
    const { findings, ...summary } = await inspect({ quick });
    expect(findings).toEqual([]);
    expect(summary).toMatchObject({
      builds: 2,
      channels: [
        { channel: 'stable', offered: 2, newest: 20 },
        { channel: 'beta', offered: 0, newest: undefined },
      ],
      objects: { blobs: 7, deltas: 1, decodedDeltas: quick ? 0 : 1 },
    });
    expect(summary.packs).toBeGreaterThan(0);
  });

  test('behind a web server', async () => {
    damage(() => {});
    await using service = await startServer(scene.repository.path);
    const inFolder = await inspect();
    const { repository, ...overHttp } = await inspectRepository(httpSource(service.url), OPTIONS);
    expect(repository).toBe(service.url);
    expect({ ...overHttp, repository: inFolder.repository }).toEqual(inFolder);
  });

  test('after its keys have been renewed', async () => {
    damage(() => forge(scene.repository, 'root', { keys: ['root-1', 'root-3'] }));
    expect(await found()).toEqual([]);
    expect(await found({ anchor: readFileSync(join(scene.repository.path, LAYOUT.root(2))) })).toEqual([]);
  });
});

const ZSTD = Buffer.from('28b52ffd', 'hex');

const someFile = (path: string, folder: string, isWanted = (_file: string) => true): string => {
  const [name = ''] = (readdirSync(join(path, folder), { recursive: true, encoding: 'utf8' }) as string[])
    .filter((item) => statSync(join(path, folder, item)).isFile() && isWanted(join(path, folder, item)))
    .sort();
  return `${folder}/${name}`;
};

function flip(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

type Blow = (path: string) => void;
const BLOWS: Readonly<Record<string, Blow>> = {
  gone: (path) => rmSync(path),
  'cut off': (path) => truncateSync(path, 5),
  longer: (path) => appendFileSync(path, 'x'),
  turned: flip,
  'a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
};

describe('a file that is not what it should be', () => {
  test.each([
    ['blobs', 'gone', ['missing']],
    ['blobs', 'cut off', ['wrong-size']],
    ['blobs', 'longer', ['wrong-size']],
    ['blobs', 'turned', ['wrong-digest']],
    ['deltas', 'gone', ['missing']],
    ['deltas', 'cut off', ['wrong-size']],
    ['packs', 'gone', ['missing']],
    ['packs', 'longer', ['wrong-size']],
    ['packs', 'turned', ['wrong-digest']],
    ['documents', 'gone', ['missing']],
    ['documents', 'cut off', ['wrong-size']],
    ['documents', 'turned', ['wrong-digest']],
    ['documents', 'a folder', ['unreadable']],
    ['targets', 'gone', ['missing']],
    ['targets', 'turned', ['wrong-digest']],
  ])('below %s, %s: %j', async (folder, blow, codes) => {
    let name = '';
    damage((path) => {
      name = someFile(path, folder);
      BLOWS[blow]?.(join(path, name));
    });
    const { findings } = await inspect();
    const own = findings.filter((finding) => finding.name === name);
    expect(own).toHaveLength(1);
    expect(codes).toContain(own[0]?.code);
    expect(own[0]?.severity).toBe('problem');
    expect(own[0]?.hint).not.toBe('');
  });

  test.each([
    ['blobs', true, 'damaged'],
    ['blobs', false, 'wrong-digest'],
    ['deltas', false, 'delta-differs'],
  ])('other bytes below %s, in a frame: %j', async (folder, isFrame, code) => {
    let name = '';
    damage((path) => {
      name = someFile(path, folder, (file) => readFileSync(file).subarray(0, 4).equals(ZSTD) === isFrame);
      writeFileSync(join(path, name), Buffer.alloc(statSync(join(path, name)).size, 'x'));
    });
    const { findings } = await inspect();
    expect(findings.filter((finding) => finding.name === name)).toMatchObject([
      { severity: 'problem', code },
    ]);
  });

  test.each([
    ['metadata/timestamp.json', 'gone', 'metadata-missing metadata/timestamp.json'],
    ['metadata/timestamp.json', 'turned', 'unsigned-metadata metadata/timestamp.json'],
    ['metadata/3.snapshot.json', 'gone', 'metadata-missing metadata/3.snapshot.json'],
    ['metadata/3.snapshot.json', 'turned', 'metadata-mismatch metadata/3.snapshot.json'],
    ['metadata/1.targets.json', 'turned', 'metadata-mismatch metadata/1.targets.json'],
    ['metadata/2.stable.json', 'cut off', 'metadata-mismatch metadata/2.stable.json'],
    ['metadata/1.root.json', 'turned', 'bad-root metadata/1.root.json'],
    ['releases/20/mom', 'gone', 'missing releases/20/mom'],
    ['releases/20/mom', 'turned', 'wrong-digest releases/20/mom'],
  ])('%s, %s: %s', async (name, blow, expected) => {
    damage((path) => BLOWS[blow]?.(join(path, name)));
    expect(await found()).toContain(expected);
  });

  test('a MoM without its signature', async () => {
    damage((path) => {
      for (const name of readdirSync(join(path, 'releases/20')))
        if (name.endsWith('.sig')) rmSync(join(path, 'releases/20', name));
    });
    expect(await found()).toContain('bad-mom-signature releases/20/mom');
  });

  test('no repository at all', async () => {
    await expect(inspectRepository(folderSource('/nowhere'), OPTIONS)).rejects.toMatchObject({
      code: 'not-a-repository',
    });
    await expect(inspectRepository(httpSource('http://127.0.0.1:1/'), OPTIONS)).rejects.toMatchObject({
      code: 'not-a-repository',
    });
  });

  test('quick looks at sizes only', async () => {
    let [cut, turned] = ['', ''];
    damage((path) => {
      cut = someFile(path, 'packs');
      BLOWS.longer?.(join(path, cut));
      turned = someFile(path, 'blobs');
      flip(join(path, turned));
    });
    expect(await found({ quick: true })).toEqual([`wrong-size ${cut}`]);
  });

  test('a server that fails', async () => {
    damage(() => {});
    await using service = await startServer(scene.repository.path);
    const name = someFile(scene.repository.path, 'packs');
    service.gateway.fault = (asked) => (asked === name ? { kind: 'status', status: 503 } : undefined);
    const { findings } = await inspectRepository(httpSource(service.url), OPTIONS);
    expect(findings.map(({ code, name: where }) => `${code} ${where}`)).toEqual([`unreadable ${name}`]);
  });
});

describe('what is signed, and wrong all the same', () => {
  test('a manifest of another bundle', async () => {
    damage(() => {
      const text = manifestText(scene.repository, 20, 'more').replace('bundle\tmore', 'bundle\tother');
      lieInManifest(scene.repository, 20, { bundle: 'more', text });
    });
    expect((await inspect()).findings).toContainEqual(expect.objectContaining({ code: 'manifest-differs' }));
  });

  test('a manifest that is malformed', async () => {
    damage(() => {
      const text = manifestText(scene.repository, 20, 'more').replace('usr/m', '../m');
      lieInManifest(scene.repository, 20, { bundle: 'more', text });
    });
    expect((await inspect()).findings).toContainEqual(expect.objectContaining({ code: 'bad-manifest' }));
  });

  test('the pack of a bundle that is its twin', async () => {
    using twins = new Scene();
    const names = Array.from({ length: 20 }, (_, i) => `usr/t${i}`);
    const tree = Object.fromEntries(names.map((name) => [name, file(`${name} `.repeat(50))]));
    const bundles = { 'os-core': { 'usr/a': file('a') }, 'twin-a': tree, 'twin-b': tree };
    await twins.repository.build(10, { bundles });
    lieInMom(twins.repository, 10, (mom) => {
      const packs = mom.bundles.find(({ name }) => name === 'twin-a')?.packs ?? [];
      expect(packs).not.toEqual([]);
      return {
        ...mom,
        bundles: mom.bundles.map((bundle) => (bundle.name === 'twin-b' ? { ...bundle, packs } : bundle)),
      };
    });
    // The bundle that comes first has its pack checked; then the other is known to be the same file.
    lieInMom(twins.repository, 10, (mom) => ({
      ...mom,
      bundles: mom.bundles.map((bundle) => (bundle.name === 'twin-a' ? { ...bundle, packs: [] } : bundle)),
    }));
    const { findings } = await inspectRepository(folderSource(twins.repository.path), OPTIONS);
    expect(findings.filter(({ severity }) => severity === 'problem')).toMatchObject([
      { code: 'pack-differs', message: 'the pack belongs to twin-a' },
    ]);
  });

  test('a build that devices can not leave', async () => {
    damage(() =>
      resign(scene.repository, 'stable', (fields) => {
        const targets = fieldOf(fields, 'targets');
        const newest = { ...(targets['stable/20/mom'] as object), custom: { minFrom: 15 } };
        return { ...fields, targets: { ...targets, 'stable/20/mom': newest } };
      }),
    );
    expect((await inspect()).findings).toMatchObject([
      { severity: 'problem', code: 'no-way', message: 'on stable, no way leads from build 10 to build 20' },
    ]);
  });

  test('two MoMs for one build', async () => {
    damage(() =>
      offerOn(scene.repository, 'beta', {
        'beta/20/mom': { length: 100, hashes: { sha256: 'ab'.repeat(32) } },
      }),
    );
    expect(await found()).toContain('offers-differ releases/20/mom');
  });
});

describe('what is no problem yet', () => {
  test.each([
    [4, []],
    [16, ['expires-soon metadata/timestamp.json', 'expires-soon metadata/3.snapshot.json']],
    [31, ['metadata-expired metadata/timestamp.json', 'metadata-expired metadata/3.snapshot.json']],
    [
      200,
      [
        'metadata-expired metadata/timestamp.json',
        'metadata-expired metadata/3.snapshot.json',
        'metadata-expired metadata/2.stable.json',
        'expires-soon metadata/1.root.json',
        'expires-soon metadata/1.targets.json',
      ],
    ],
  ])('%d days later: %j', async (days, expected) => {
    damage(() => {});
    const codes = await found({ now: BUILD_TIME + days * DAY });
    expect(codes.toSorted()).toEqual(expected.toSorted());
  });

  test('large metadata', async () => {
    damage(() => resign(scene.repository, 'stable', (fields) => ({ ...fields, comment: 'x'.repeat(4096) })));
    expect(await found()).toEqual(['large-metadata metadata/3.stable.json']);
  });

  test('another trust anchor than the one of the repository', async () => {
    damage(() => {});
    using other = new Scene();
    expect(await found({ anchor: other.repository.trustAnchor })).toContain(
      'anchor-differs metadata/1.root.json',
    );
  });

  test('a file that nothing refers to', async () => {
    damage((path) => writeFileSync(join(path, 'blobs/readme'), 'x'));
    const { findings } = await inspect();
    expect(findings).toMatchObject([{ severity: 'note', code: 'unreferenced', name: 'blobs/' }]);
    expect(findings[0]?.message).toContain('blobs/readme');
  });

  test('a build that is not offered, and a repository that offers none', async () => {
    using fresh = new Scene();
    const look = async () => {
      const { findings } = await inspectRepository(folderSource(fresh.repository.path), OPTIONS);
      return findings.map(({ code }) => code);
    };
    expect(await look()).toEqual(['nothing-offered']);
    await fresh.repository.build(10, image(10));
    await fresh.repository.build(20, image(20), { offer: null });
    expect(await look()).toEqual(['not-offered']);
  });
});
