import { expect, test } from 'vitest';
import { readSources } from './import-graph.ts';

const SOURCES = readSources().filter((source) => source.package === 'client');
const PORT = /^client\/src\/disk\//;

/** Files outside of the port that read files of this machine, and which: none of them belongs to the device that is changed. */
const READERS: Readonly<Record<string, string>> = {
  'client/src/repository/file-source.ts': 'a repository in a folder',
  'client/src/repository/http-agents.ts': 'the file with the CA that the user has named',
  'client/src/cli/main.ts': 'files that the user has named',
};

/** What of shared reaches a disk by itself. */
const BY_PATH = ['syncFileSystem', 'readXattrs', 'writeXattrs', 'writeFileAtomic', 'syncFolder'];

test('the port is the only way of the client to the disk', () => {
  const outside = SOURCES.filter(({ path, imports }) => !PORT.test(path) && imports.some(isFs));
  expect(outside.map(({ path }) => path).sort()).toEqual(Object.keys(READERS).sort());
});

test('files outside of the port only read', () => {
  const writing = /\b(?:write|append|rm|unlink|rename|link|mkdir|chmod|chown|truncate|cp|copyFile)\w*\b/;
  const wrong = SOURCES.filter(({ path }) => path in READERS).filter(({ text }) =>
    [...text.matchAll(/^import \{([^}]*)\} from 'node:fs[^']*';/gm)].some(([, names = '']) =>
      writing.test(names),
    ),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('what shared has for the disk is used by the port only', () => {
  const users = SOURCES.filter(
    ({ path, text }) => !PORT.test(path) && BY_PATH.some((name) => uses(text, name)),
  );
  expect(users.map(({ path }) => path)).toEqual([]);
  expect(SOURCES.some(({ path, text }) => PORT.test(path) && uses(text, 'syncFileSystem'))).toBe(true);
});

test('the real disk is named where the program and its threads begin, and nowhere else', () => {
  const users = SOURCES.filter(({ path, text }) => !PORT.test(path) && uses(text, 'REAL_DISK'));
  expect(users.map(({ path }) => path)).toEqual([
    'client/src/cli/make-ports.ts',
    'client/src/content/content-worker.ts',
  ]);
});

function isFs({ specifier }: { readonly specifier: string }): boolean {
  return /^node:fs(?:\/|$)/.test(specifier);
}

function uses(text: string, name: string): boolean {
  return new RegExp(`^import [^;]*\\b${name}\\b[^;]*;`, 'm').test(text);
}
