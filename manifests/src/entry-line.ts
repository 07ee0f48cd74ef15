import {
  type ByteString,
  byteString,
  bytesOf,
  escapeField,
  fromHex,
  LIMITS,
  parseRepoPath,
  type RepoPath,
  toHex,
} from '@swupd/shared';
import type { Entry, PathClass, Xattr } from './entry.ts';
import { badLine, fieldsOf, type Line, parseDigest, parseInteger, parseText } from './line-reader.ts';

const CLASS_LETTERS: Readonly<Record<PathClass, string>> = {
  managed: 'm',
  config: 'c',
  state: 's',
  ghost: 'g',
  boot: 'b',
};
const CLASSES: ReadonlyMap<string, PathClass> = new Map(
  Object.entries(CLASS_LETTERS).map(([name, letter]) => [letter, name as PathClass]),
);
const NONE = '-';
const FIELDS = 12;
const MAX_ID = 0xffff_fffe;

/** `entry` as a line of a manifest, without the line feed. `manifests/spec/manifest.md`, "Entries". */
export function formatEntry(entry: Entry): string {
  const file = entry.type === 'file' ? entry : undefined;
  const fields: (string | number)[] = [
    letterOf(entry),
    entry.type === 'symlink' ? NONE : entry.mode.toString(8),
    entry.uid,
    entry.gid,
    CLASS_LETTERS[entry.pathClass],
    entry.version,
    file?.size ?? NONE,
    file?.storedSize ?? NONE,
    file?.digest ?? NONE,
    escapeField(entry.path),
    escapeField(linkOf(entry)),
    formatXattrs(entry.xattrs),
  ];
  return fields.join('\t');
}

/**
 * The entry that a manifest line describes. The line's author may be hostile: the path is checked here, once.
 * @throws FormatError `bad-manifest`
 */
export function parseEntry(line: Line): Entry {
  const [letter, mode, uid, gid, klass, version, size, storedSize, digest, path, link, xattrs] = fieldsOf(
    line,
    FIELDS,
  );
  const pathClass = CLASSES.get(klass ?? '');
  if (pathClass === undefined) throw badLine(line, `'${parseText(klass, line)}' is no path class`);
  const base = {
    path: parsePath(path, line),
    uid: parseInteger(uid, line, MAX_ID),
    gid: parseInteger(gid, line, MAX_ID),
    pathClass,
    version: parseInteger(version, line),
    xattrs: parseXattrs(xattrs, line),
  };
  if (letter === 'f' || letter === 'h') {
    const file = {
      ...base,
      type: 'file' as const,
      mode: parseMode(mode, line),
      size: parseInteger(size, line, LIMITS.fileSize),
      storedSize: parseInteger(storedSize, line, LIMITS.fileSize),
      digest: parseDigest(digest, line),
      linkTo: letter === 'h' ? parsePath(link, line) : undefined,
    };
    if (letter === 'f') requireNone([link], line);
    if (file.storedSize > file.size) throw badLine(line, 'the stored size is larger than the size');
    if (file.linkTo !== undefined && file.linkTo >= file.path)
      throw badLine(line, 'a hard link must name an earlier path');
    return file;
  }
  requireNone([size, storedSize, digest], line);
  if (letter === 'd') {
    requireNone([link], line);
    return { ...base, type: 'directory', mode: parseMode(mode, line) };
  }
  if (letter === 'l') {
    requireNone([mode], line);
    return { ...base, type: 'symlink', target: parseTarget(link, line) };
  }
  throw badLine(line, `'${parseText(letter, line)}' is no type of entry`);
}

function letterOf(entry: Entry): string {
  switch (entry.type) {
    case 'directory':
      return 'd';
    case 'symlink':
      return 'l';
    case 'file':
      return entry.linkTo === undefined ? 'f' : 'h';
  }
}

function linkOf(entry: Entry): string {
  switch (entry.type) {
    case 'directory':
      return NONE;
    case 'symlink':
      return entry.target;
    case 'file':
      return entry.linkTo ?? NONE;
  }
}

function parsePath(field: string | undefined, line: Line): RepoPath {
  try {
    return parseRepoPath(parseText(field, line));
  } catch (cause) {
    throw badLine(line, cause instanceof Error ? cause.message : 'bad path', cause);
  }
}

const LINK_TARGET_MAX = 4095;

function parseTarget(field: string | undefined, line: Line): ByteString {
  const target = parseText(field, line);
  if (target.length === 0 || target.length > LINK_TARGET_MAX || target.includes('\0')) {
    throw badLine(line, 'the target of a symbolic link is empty, too long or has a NUL byte');
  }
  return target;
}

const MODE = /^(?:0|[1-7][0-7]{0,3})$/;

function parseMode(field: string | undefined, line: Line): number {
  if (field === undefined || !MODE.test(field)) throw badLine(line, 'the mode is no octal number up to 7777');
  return Number.parseInt(field, 8);
}

function requireNone(fields: readonly (string | undefined)[], line: Line): void {
  if (fields.some((field) => field !== NONE))
    throw badLine(line, `a field that this type does not have is not '${NONE}'`);
}

function formatXattrs(xattrs: readonly Xattr[]): string {
  if (xattrs.length === 0) return NONE;
  return xattrs.map(({ name, value }) => `${escapeXattrName(name)}=${toHex(bytesOf(value))}`).join(',');
}

/** The separators of the list may stand in a name, so they are escaped too. */
function escapeXattrName(name: string): string {
  return escapeField(name).replaceAll(',', '\\x2c').replaceAll('=', '\\x3d');
}

const XATTR_NAME_MAX = 255;

function parseXattrName(field: string, line: Line): ByteString {
  const name = parseText(field.replaceAll('\\x2c', ',').replaceAll('\\x3d', '='), line);
  if (name.length === 0 || name.length > XATTR_NAME_MAX || name.includes('\0'))
    throw badLine(line, 'the name of an extended attribute is empty, too long or has a NUL byte');
  return name;
}

function parseXattrs(field: string | undefined, line: Line): readonly Xattr[] {
  if (field === NONE) return [];
  const xattrs = (field ?? '').split(',').map((text): Xattr => {
    const [name, hex, ...rest] = text.split('=');
    const value = fromHex(hex ?? '');
    if (name === undefined || hex === undefined || value === undefined || rest.length > 0)
      throw badLine(line, 'the extended attributes are malformed');
    return { name: parseXattrName(name, line), value: byteString(value) };
  });
  const sorted = xattrs.every((xattr, i) => i === 0 || (xattrs[i - 1]?.name ?? '') < xattr.name);
  if (!sorted) throw badLine(line, 'the extended attributes are not sorted');
  return xattrs;
}
