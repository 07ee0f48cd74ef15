import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CLIENT_ERRORS } from './client-errors.ts';
import { type ErrorArea, formatExitCodeDocument } from './exit-code-document.ts';
import { EXIT_CODES } from './exit-codes.ts';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));

/** The server's tables, from a process of its own: the client imports nothing of the server. */
async function serverErrors(): Promise<ErrorArea[]> {
  const program = `
    import { BUILD_ERRORS } from './server/src/build-error.ts';
    import { HTTP_ERRORS } from './server/src/http/http-server-error.ts';
    import { KEY_ERRORS } from './server/src/keys/key-error.ts';
    import { METADATA_ERRORS } from './server/src/metadata/metadata-error.ts';
    console.log(JSON.stringify([
      { area: 'metadata', table: METADATA_ERRORS },
      { area: 'keys', table: KEY_ERRORS },
      { area: 'build', table: BUILD_ERRORS },
      { area: 'http', table: HTTP_ERRORS },
    ]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: WORKSPACE,
  });
  return JSON.parse(stdout) as ErrorArea[];
}

/** Names of the tables that the sources register. */
async function registeredTables(): Promise<string[]> {
  const names: string[] = [];
  for (const room of ['shared', 'manifests', 'client', 'server']) {
    for (const file of await readdir(`${WORKSPACE}${room}/src`, { recursive: true })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const source = await readFile(`${WORKSPACE}${room}/src/${file}`, 'utf8');
      names.push(...source.matchAll(/^export const ([A-Z]+)_ERRORS = \{$/gm).map(([, name = '']) => name));
    }
  }
  return names.sort();
}

describe('docs/exit-codes.md', () => {
  test('says what the tables say (vitest -u writes it)', async () => {
    const server = await serverErrors();
    const text = formatExitCodeDocument({ exitCodes: EXIT_CODES, client: CLIENT_ERRORS, server });
    await expect(text).toMatchFileSnapshot(`${WORKSPACE}docs/exit-codes.md`);
  });

  test('has every table that the sources register', async () => {
    const areas = [...CLIENT_ERRORS, ...(await serverErrors())].map(({ area }) => area.toUpperCase());
    const known = areas.map((area) => (area === 'KEYS' ? 'KEY' : area));
    expect(await registeredTables()).toEqual(known.sort());
  });
});

describe('exit codes of the client', () => {
  test('every exit code that an error has is listed with its one meaning', () => {
    const used = CLIENT_ERRORS.flatMap(({ table }) => Object.values(table).map(({ exit }) => exit));
    expect(used.filter((exit) => !EXIT_CODES.has(exit))).toEqual([]);
    expect(new Set(EXIT_CODES.values()).size).toBe(EXIT_CODES.size);
  });

  test('every listed exit code is in use', () => {
    const used = new Set(CLIENT_ERRORS.flatMap(({ table }) => Object.values(table).map(({ exit }) => exit)));
    expect([...EXIT_CODES.keys()].filter((code) => code > 1 && !used.has(code))).toEqual([]);
  });

  test('an error code has one meaning in all areas', () => {
    const codes = CLIENT_ERRORS.flatMap(({ table }) => Object.keys(table));
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  });
});
