import { displayText } from './byte-string.ts';
import { PathError } from './path-error.ts';

/**
 * A path below the root of the system, relative, as a byte string: `usr/bin/bash`. Never empty, absolute or with `.`, `..`,
 * empty components or NUL; so it can be walked component by component and joined to nothing else.
 */
export type RepoPath = string & { readonly __bytes: true; readonly __brand: 'RepoPath' };

/** One component of a `RepoPath`. */
export type FileName = string & { readonly __bytes: true; readonly __name: true };

const NAME_MAX = 255;
const PATH_MAX = 4095;

/**
 * `value` (a byte string that an attacker may have chosen) as a path.
 * @throws PathError `bad-path`
 */
export function parseRepoPath(value: string): RepoPath {
  if (value.length === 0) throw badPath(value, 'is empty');
  if (value.length > PATH_MAX) throw badPath(value, `is longer than ${PATH_MAX} bytes`);
  if (value.charCodeAt(0) === 0x2f) throw badPath(value, 'is absolute');
  if (value.includes('\0')) throw badPath(value, 'contains a NUL byte');
  for (const name of value.split('/')) {
    if (name === '' || name === '.' || name === '..') throw badPath(value, `has the component '${name}'`);
    if (name.length > NAME_MAX) throw badPath(value, `has a component of more than ${NAME_MAX} bytes`);
  }
  return value as RepoPath;
}

/** The directory that holds `path`, or undefined for one directly below the root. */
export function parentOf(path: RepoPath): RepoPath | undefined {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? undefined : (path.slice(0, slash) as RepoPath);
}

export function nameOf(path: RepoPath): FileName {
  return path.slice(path.lastIndexOf('/') + 1) as FileName;
}

export function componentsOf(path: RepoPath): FileName[] {
  return path.split('/') as FileName[];
}

/** `parent/name`; `parent` undefined is the root. `name` comes from a directory listing or a parsed path. */
export function childOf(parent: RepoPath | undefined, name: FileName): RepoPath {
  return (parent === undefined ? name : `${parent}/${name}`) as RepoPath;
}

/** `path` for people: with a leading slash and without control characters. */
export function displayPath(path: RepoPath): string {
  return `/${displayText(path)}`;
}

function badPath(value: string, why: string): PathError {
  return new PathError('bad-path', `the path '${displayText(value.slice(0, 200))}' ${why}`, {
    details: { path: displayText(value.slice(0, 200)) },
  });
}
