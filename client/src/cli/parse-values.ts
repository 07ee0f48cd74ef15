import { parseRepoPath, type RepoPath, utf8ByteString } from '@swupd/shared';
import { usageError } from './usage-error.ts';

const INTEGER = /^(?:0|[1-9][0-9]{0,15})$/;

/** A parser for the whole number that the option `name` takes. */
export function wholeNumber(name: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (INTEGER.test(text) && value >= min && value <= max) return value;
    throw usageError(
      `${name} takes a whole number from ${min} to ${max}, not '${text}'`,
      `Pass for example ${name} ${Math.max(min, 1)}.`,
    );
  };
}

const parseVersionNumber = wholeNumber('--version', 1, Number.MAX_SAFE_INTEGER);

/** The number of a build, or `word` for one that has a name. */
export function versionOr<Word extends string>(...words: readonly Word[]): (text: string) => number | Word {
  return (text) => words.find((word) => word === text) ?? parseVersionNumber(text);
}

/** `a,b` and repetitions of the option, as a list. */
export function commaList(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(',').filter((name) => name !== '')];
}

/** A path below the root, as users write it: with a leading slash or without; undefined for the root itself. */
export function rootPath(name: string, text: string): RepoPath | undefined {
  const path = text.replace(/\/+/g, '/').replace(/^\/|\/$/g, '');
  if (path === '') return undefined;
  try {
    return parseRepoPath(utf8ByteString(path));
  } catch {
    throw usageError(
      `${name} takes a path below the root, not '${text}'`,
      `Pass for example ${name} /usr/bin, without '.' and '..'.`,
    );
  }
}

/** Paths below the root, one with each repetition of the option. */
export function rootPaths(
  name: string,
): (text: string, before: readonly RepoPath[] | undefined) => RepoPath[] {
  return (text, before) => {
    const path = rootPath(name, text);
    if (path === undefined)
      throw usageError(`${name} can't be the root`, `Leave ${name} away to look at all.`);
    return [...(before ?? []), path];
  };
}

/** What `--picky-whitelist` says: a regular expression, anchored at the start of the path. Empty: no path. */
export function anchoredPattern(text: string): RegExp {
  try {
    return text === '' ? /(?!)/ : new RegExp(`^(?:${text})`);
  } catch {
    throw usageError(
      `'${text}' is no regular expression`,
      "Pass for example --picky-whitelist '/usr/local|/usr/src'.",
    );
  }
}
