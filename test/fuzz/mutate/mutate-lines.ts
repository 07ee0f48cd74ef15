import { byteString, bytesOf } from '@swupd/shared';
import type { FuzzCase } from '../fuzz-case.ts';
import type { Mutation } from '../fuzz-target.ts';
import type { Random } from '../random.ts';

/** What a careless or hostile author of a text of lines and fields would write somewhere. */
const TOKENS = [
  ...['', '-', '0', '1', '00', '01', '-1', '1e3', '0x10', ' 1', '9007199254740991', '9007199254740992'],
  ...[
    '4398046511104',
    '4398046511105',
    '18446744073709551616',
    '.',
    '..',
    '/',
    '//',
    '../..',
    'a/../b',
    '/etc/passwd',
  ],
  ...[
    '\\x00',
    '\\x0a',
    '\\x41',
    '\\x5c',
    '\\x5C',
    '\\',
    '\0',
    '\xff',
    '\xc3\xa9',
    '\r',
    ',',
    '=',
    ',,',
    '*',
    '__proto__',
  ],
  ...[
    'null',
    'true',
    '"',
    '{',
    '[',
    ']',
    '}',
    ':',
    'f',
    'h',
    'd',
    'l',
    '+',
    'frame',
    'joint',
    'x'.repeat(256),
  ],
];

/** Changes of a text of lines: those of whole lines, and those of one field between separators. */
export const LINE_MUTATIONS: readonly Mutation[] = [
  changeLines((lines, random) => lines.toSpliced(random.below(lines.length), 1)),
  changeLines((lines, random) => lines.toSpliced(random.below(lines.length), 0, random.pick(lines))),
  changeLines((lines, random) => {
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
  }),
  changeField((_, random) => random.pick(TOKENS)),
  changeField((field, random) => `${field}${random.pick(TOKENS)}`),
  changeField((field, random) => String(Number(field) + random.pick([-1, 1, 2, 256, -256]))),
  changeField((field, _, fields) => fields[fields.indexOf(field) + 1] ?? ''),
];

function changeLines(change: (lines: string[], random: Random) => string[]): Mutation {
  return (input, random) => withText(input, (text) => change(text.split('\n'), random).join('\n'));
}

const SEPARATOR = /([\t\n,"{}[\]:=;/ -]+)/;

function changeField(change: (field: string, random: Random, fields: readonly string[]) => string): Mutation {
  return (input, random) =>
    withText(input, (text) => {
      const parts = text.split(SEPARATOR);
      const at = random.below(parts.length);
      return parts.with(at, change(parts[at] ?? '', random, parts)).join('');
    });
}

function withText(input: FuzzCase, change: (text: string) => string): FuzzCase | undefined {
  const text: string = byteString(input.payload);
  return text === '' ? undefined : { ...input, payload: new Uint8Array(bytesOf(change(text))) };
}
