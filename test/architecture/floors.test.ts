import { describe, expect, test } from 'vitest';
import { PACKAGES, readSources, type SourceFile } from './import-graph.ts';

const SOURCES = readSources();
const BY_PATH = new Map(SOURCES.map((source) => [source.path, source]));

/** Packages from the ground up, each with the ones that it may import. */
const PACKAGE_FLOORS: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  manifests: ['@swupd/shared'],
  server: ['@swupd/shared', '@swupd/manifests'],
  client: ['@swupd/shared', '@swupd/manifests'],
};

/** Rooms of a package from the ground up: a room imports rooms above it in this list only. */
const ROOM_FLOORS: Readonly<Record<string, readonly string[]>> = {
  server: [
    'build-error.ts',
    'keys',
    'metadata',
    'repository',
    'publication',
    'ceremony',
    'cache',
    'scan',
    'plan',
    'image',
    'stages',
    'generate-release.ts',
    'inspect',
    'http',
    'index.ts',
    'cli',
  ],
  client: [
    'device-error.ts',
    'disk',
    'repository',
    'inspect',
    'state',
    'trust',
    'hooks',
    'plan',
    'content',
    'transaction',
    'device',
    'stages',
    'system',
    'commands',
    'index.ts',
    'cli',
  ],
};

test('all sources were found', () => {
  for (const name of PACKAGES) {
    expect(SOURCES.filter((source) => source.package === name).length).toBeGreaterThan(20);
  }
});

test('imports lead to files that exist', () => {
  const dead = edges().filter(({ to }) => !BY_PATH.has(to));
  expect(dead.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
});

test.each(PACKAGES)('%s imports packages of lower floors only', (name) => {
  const allowed = PACKAGE_FLOORS[name] ?? [];
  const wrong = SOURCES.filter((source) => source.package === name).flatMap(({ path, imports }) =>
    imports
      .filter(({ package: other }) => other?.startsWith('@swupd/') && !allowed.includes(other))
      .map(({ specifier }) => `${path} -> ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('no package reaches into another by a path', () => {
  const wrong = edges().filter(({ from, to }) => !to.startsWith(`${from.package}/src/`));
  expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
});

describe.each(Object.entries(ROOM_FLOORS))('%s', (name, floors) => {
  const sources = SOURCES.filter((source) => source.package === name);

  test('has no room without a floor', () => {
    expect([...new Set(sources.map(({ room }) => room))].sort()).toEqual([...floors].sort());
  });

  test('has rooms that import downward only', () => {
    const wrong = edges()
      .filter(({ from }) => from.package === name)
      .filter(({ from, to }) => floors.indexOf(roomOf(to)) > floors.indexOf(from.room));
    expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
  });
});

test('no file imports itself, directly or through others', () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const { file } of BY_PATH.get(path)?.imports ?? [])
      if (file !== undefined) visit(file, [...trail, path]);
  };
  for (const { path } of SOURCES) visit(path, []);
  expect(cycles).toEqual([]);
});

function edges(): { from: SourceFile; to: string }[] {
  return SOURCES.flatMap((from) =>
    from.imports.flatMap(({ file }) => (file === undefined ? [] : [{ from, to: file }])),
  );
}

function roomOf(path: string): string {
  return path.split('/')[2] ?? '';
}
