import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { EXIT_CODES } from './exit-codes.ts';
import { createProgram } from './program.ts';

const MAN_PAGE = fileURLToPath(new URL('../../man/swupd.1', import.meta.url));
const program = createProgram({ ...process, version: '1.2.3' }, async () => {});

/** The sections of the page by the name of their command; roff's marks are gone. */
function manSections(): Map<string, string> {
  const text = readFileSync(MAN_PAGE, 'utf8')
    .replaceAll('\\-', '-')
    .replace(/\\f[RIB]/g, '');
  const parts = text.split(/^\.S[SH] /m).slice(1);
  return new Map(parts.map((part) => [part.split(/[ \n]/)[0] ?? '', part]));
}

const sections = manSections();
/** Commands that have the options of another, and say so. */
const SHARED: Readonly<Record<string, string>> = { repair: 'diagnose', verify: 'diagnose' };

const flagsOf = (command: Command, hidden: boolean): string[] =>
  command.options
    .filter((option) => option.hidden === hidden)
    .flatMap(({ short, long }) => [short, long])
    .filter((flag) => flag !== undefined && flag !== null);

describe('the man page', () => {
  test.each(program.commands.map((command) => [command.name(), command] as const))(
    'has %s with its options',
    (name, command) => {
      const own = sections.get(name) ?? '';
      expect(own).not.toBe('');
      const shared = SHARED[name] ?? '';
      if (shared !== '') expect(own).toMatch(/with the same options/);
      const text = own + (sections.get(shared) ?? '');
      expect(flagsOf(command, false).filter((flag) => !text.includes(flag))).toEqual([]);
    },
  );

  test('has the global options', () => {
    const section = sections.get('GLOBAL') ?? '';
    expect(flagsOf(program, false).filter((flag) => !section.includes(flag))).toEqual([]);
  });

  test('has every exit code', () => {
    const codes = [...(sections.get('EXIT') ?? '').matchAll(/^\.B ([0-9]+)$/gm)].map(([, code]) =>
      Number(code),
    );
    expect(codes).toEqual([...EXIT_CODES.keys()]);
  });
});

describe('the program', () => {
  test('takes the global options after every command as well', () => {
    const globals = flagsOf(program, false).filter((flag) => flag !== '--version');
    for (const command of program.commands) expect(flagsOf(command, true)).toEqual(globals);
  });

  test('uses no flag twice in a command', () => {
    for (const command of program.commands) {
      const flags = [...flagsOf(command, false), ...flagsOf(command, true)];
      expect(flags.filter((flag, i) => flags.indexOf(flag) !== i)).toEqual([]);
    }
  });

  test('shows an example in the help of every command', () => {
    for (const command of program.commands) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help).toContain(`swupd ${command.name()}`);
      expect(help).toContain('Example');
    }
  });
});
