import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CLIENT_ERRORS } from './client-errors.ts';
import { type ErrorArea, formatExitCodeDocument } from './exit-code-document.ts';
import { EXIT_CODES } from './exit-codes.ts';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));

interface RegisteredTable {
  readonly name: string;
  readonly file: string;
  readonly area: string;
}

/** The tables that the sources of some packages register, with the area that their errors have. */
async function registeredTables(...packages: readonly string[]): Promise<RegisteredTable[]> {
  const tables: RegisteredTable[] = [];
  for (const name of packages) {
    for (const path of await readdir(`${WORKSPACE}${name}/src`, { recursive: true })) {
      if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
      const file = `${name}/src/${path}`;
      const source = await readFile(`${WORKSPACE}${file}`, 'utf8');
      const area = /^ {2}readonly area = '([a-z]+)';$/m.exec(source)?.[1] ?? 'none';
      for (const [, table = ''] of source.matchAll(/^export const ([A-Z]+_ERRORS) = \{$/gm))
        tables.push({ name: table, file, area });
    }
  }
  return tables.sort((one, other) => (one.file < other.file ? -1 : 1));
}

/** The server's tables, from a process of its own: the client imports nothing of the server. */
async function serverErrors(): Promise<ErrorArea[]> {
  const tables = await registeredTables('server');
  const program = `
    ${tables.map(({ name, file }) => `import { ${name} } from './${file}';`).join('\n')}
    console.log(JSON.stringify([${tables.map(({ name, area }) => `{ area: '${area}', table: ${name} }`).join()}]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: WORKSPACE,
  });
  return JSON.parse(stdout) as ErrorArea[];
}

describe('docs/exit-codes.md', () => {
  test('says what the tables say (vitest -u writes it)', async () => {
    const server = await serverErrors();
    const text = formatExitCodeDocument({ exitCodes: EXIT_CODES, client: CLIENT_ERRORS, server });
    await expect(text).toMatchFileSnapshot(`${WORKSPACE}docs/exit-codes.md`);
  });

  test('has every table that the sources register', async () => {
    const areas = (await registeredTables('shared', 'manifests', 'client')).map(({ area }) => area);
    expect(areas.sort()).toEqual(CLIENT_ERRORS.map(({ area }) => area).sort());
    const server = (await registeredTables('server')).map(({ area }) => area);
    expect(server).toEqual(expect.arrayContaining(['build', 'http', 'keys', 'metadata']));
    expect(server).not.toContain('none');
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
