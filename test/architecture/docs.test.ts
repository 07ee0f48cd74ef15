// The documents lead to places that exist, and name commands and options that exist.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runServer, runSwupd } from '../support/run-process.ts';
import { WORKSPACE } from './import-graph.ts';

const PAGES = globSync(['*.md', 'docs/*.md', 'manifests/spec/*.md'], { cwd: WORKSPACE }).sort();
const RUN = { swupd: runSwupd, 'swupd-server': runServer } as const;
type Program = keyof typeof RUN;

const text = (page: string): string => readFileSync(join(WORKSPACE, page), 'utf8');

describe.each(PAGES)('%s', (page) => {
  test('has links to files and headings that exist', () => {
    const dead = linksOf(page).filter(({ file, heading }) => {
      if (!existsSync(join(WORKSPACE, file))) return true;
      return heading !== '' && !headingsOf(file).includes(heading);
    });
    expect(dead).toEqual([]);
  });

  test('says nothing of this machine', () => {
    expect(text(page)).not.toMatch(/\/work\/|\/home\/|\/tmp\/swupd/);
  });
});

test('all pages were found', () => {
  expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'docs/ci.md', 'docs/device.md']));
});

describe('commands in the documents', () => {
  const help = new Map<string, string>();
  const calls = PAGES.flatMap((page) => callsOf(page));

  beforeAll(async () => {
    for (const program of Object.keys(RUN) as Program[]) {
      const top = await RUN[program](['--help']);
      help.set(program, top.stdout);
      for (const command of commandsIn(top.stdout).filter((name) => name !== program)) {
        const { stdout } = await RUN[program]([command, '--help']);
        help.set(`${program} ${command}`, stdout);
        for (const part of commandsIn(stdout.split('\nCommands:')[1] ?? '')) {
          const { stdout: own } = await RUN[program]([command, part, '--help']);
          help.set(`${program} ${command} ${part}`, own);
        }
      }
    }
  });

  test('were found', () => {
    expect(calls.length).toBeGreaterThan(40);
  });

  test('exist', () => {
    const unknown = calls.filter(
      ({ program, command }) => command !== '' && !help.has(`${program} ${command}`),
    );
    expect(unknown).toEqual([]);
  });

  test('of commands exist too', () => {
    const groups = [...help].filter(([, text]) => text.includes('\nCommands:')).map(([name]) => name);
    const unknown = calls.filter(
      ({ program, command, part }) =>
        part !== '' && groups.includes(`${program} ${command}`) && !help.has(`${program} ${command} ${part}`),
    );
    expect(unknown).toEqual([]);
  });

  test('have only options that --help shows', () => {
    const wrong = calls.flatMap(({ page, program, command, part, options }) => {
      const names = [program, `${program} ${command}`, `${program} ${command} ${part}`];
      const shown = names.map((name) => help.get(name) ?? '').join(' ');
      const known = new Set(shown.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g));
      return options
        .filter((option) => !known.has(option))
        .map((option) => `${page}: ${program} ${command} ${option}`);
    });
    expect(wrong).toEqual([]);
  });
});

/** The names in the list of commands of a help text. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/^ {2}([a-z][a-z-]+)(?: \[| <|$| {2})/gm)].flatMap(([, name]) => name ?? []);
}

interface Link {
  readonly file: string;
  readonly heading: string;
}

function linksOf(page: string): Link[] {
  const prose = text(page).replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => {
    const [file = '', heading = ''] = target.split('#');
    return { file: file === '' ? page : normalize(join(dirname(page), file)), heading };
  });
}

/** The names that GitHub gives to the headings of a page. */
function headingsOf(page: string): string[] {
  return [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

interface Call {
  readonly page: string;
  readonly program: Program;
  readonly command: string;
  /** The command of a command: `list` in `keys list`. */
  readonly part: string;
  readonly options: readonly string[];
}

/** Every `swupd …` and `swupd-server …` in code, in a line or in a block, up to the end of that one shell command. */
function callsOf(page: string): Call[] {
  const code = [...text(page).matchAll(/^```(?:sh|yaml|ini|)\n([\s\S]*?)^```|`([^`\n]+)`/gm)];
  return code.flatMap(([, block, inline]) =>
    [
      ...(block ?? inline ?? '').matchAll(
        /(?<![\w/.-])(?:\/usr\/local\/bin\/)?(swupd(?:-server)?) ([^|&;\n#]+)/g,
      ),
    ].map(([, program, rest = '']): Call => {
      const words = rest.replaceAll(/[[\]()"']/g, ' ').split(/\s+/);
      const options = words.flatMap((word) => /^--?[a-zA-Z][\w-]*/.exec(word) ?? []);
      const [command = '', part = ''] = words.map((word) => (/^[a-z][a-z-]+$/.test(word) ? word : ''));
      return { page, program: program as Program, command, part, options };
    }),
  );
}
