import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSources, type SourceFile, WORKSPACE } from './import-graph.ts';

const SOURCES = readSources();

/** Everything that makes the result of a function depend on more than its arguments. */
const AMBIENT: Readonly<Record<string, RegExp>> = {
  'the clock': /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
  randomness: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b[^;]*from 'node:crypto'/,
  'the environment': /\bprocess\./,
  timers: /\bset(?:Timeout|Interval|Immediate)\(/,
  'a wait': /\basync\b|\bawait\b|\bPromise\b/,
};

/** The only modules of Node that pure code may use: bytes and compression. */
const PURE_MODULES = new Set(['node:buffer', 'node:util', 'node:zlib']);

/** What else a file may use, by name: checks of signatures, which depend on nothing but their arguments. */
const PURE_FUNCTIONS: Readonly<Record<string, string>> = {
  'shared/src/ed25519.ts': "import { createPublicKey, verify } from 'node:crypto';",
};

const ROOMS: Readonly<Record<string, (source: SourceFile) => boolean>> = {
  manifests: (source) => source.package === 'manifests' && source.room !== 'conformance',
  'plan of the server': (source) => source.package === 'server' && source.room === 'plan',
  'metadata of the server': (source) => source.package === 'server' && source.room === 'metadata',
  'plan of the client': (source) => source.package === 'client' && source.room === 'plan',
  'shared, outside of io, delta and terminal': (source) =>
    source.package === 'shared' && source.room.endsWith('.ts'),
};

describe.each(Object.entries(ROOMS))('%s', (_, isInRoom) => {
  const sources = SOURCES.filter(isInRoom);

  test('has sources', () => expect(sources.length).toBeGreaterThan(3));

  test.each(Object.entries(AMBIENT))('does not know %s', (_name, pattern) => {
    expect(sources.filter(({ text }) => pattern.test(codeOf(text))).map(({ path }) => path)).toEqual([]);
  });

  test('reads and writes nothing', () => {
    const wrong = sources.flatMap(({ path, text, imports }) =>
      imports
        .filter(({ specifier }) => specifier.startsWith('node:') && !PURE_MODULES.has(specifier))
        .filter(
          ({ specifier }) => specifier !== 'node:crypto' || !text.includes(PURE_FUNCTIONS[path] ?? '\0'),
        )
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the conformance room of manifests', () => {
  const ROOM = /^manifests\/src\/conformance\//;

  test('takes the ciphers of others from Node, and is as pure as the rest otherwise', () => {
    const sources = SOURCES.filter(({ path }) => ROOM.test(path));
    const modules = sources.flatMap(({ imports }) => imports.filter(({ file }) => file === undefined));
    expect(modules.map(({ specifier }) => specifier)).toEqual(['node:crypto']);
    for (const pattern of Object.values(AMBIENT))
      expect(sources.filter(({ text }) => pattern.test(codeOf(text))).map(({ path }) => path)).toEqual([]);
  });

  test('is imported by no product', () => {
    const users = SOURCES.filter(
      ({ path, imports }) =>
        !ROOM.test(path) &&
        imports.some(({ specifier, file }) => ROOM.test(file ?? '') || specifier.includes('/conformance')),
    );
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  test('is not in the published package', () => {
    const { exports, publishConfig } = JSON.parse(
      readFileSync(join(WORKSPACE, 'manifests/package.json'), 'utf8'),
    ) as { exports: object; publishConfig: { exports: object } };
    expect(Object.keys(exports)).toContain('./conformance');
    expect(Object.keys(publishConfig.exports)).not.toContain('./conformance');
    const build = readFileSync(join(WORKSPACE, 'manifests/tsconfig.build.json'), 'utf8');
    expect((JSON.parse(build) as { exclude: string[] }).exclude).toContain('src/conformance');
  });
});

describe('the client', () => {
  const sources = SOURCES.filter((source) => source.package === 'client');

  test('is given its clock, its randomness and its environment', () => {
    const ambient = [AMBIENT['the clock'], AMBIENT.randomness, AMBIENT['the environment']];
    const wrong = sources.filter(
      ({ path, text }) =>
        !/^client\/src\/cli\/(?:main|make-ports)\.ts$/.test(path) &&
        ambient.some((pattern) => pattern?.test(codeOf(text))),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe('the server', () => {
  test('is given its clock, its randomness and its environment', () => {
    const ambient = [AMBIENT['the clock'], AMBIENT.randomness, AMBIENT['the environment']];
    const wrong = SOURCES.filter(
      ({ path, text }) =>
        path.startsWith('server/src/') &&
        // The command line has the process; the HTTP server takes the system's clock where it is given none.
        !/\/(?:cli\/main|http\/repository-server)\.ts$/.test(path) &&
        ambient.some((pattern) => pattern?.test(codeOf(text))),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

/** Without comments. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
