import { getSystemErrorName } from 'node:util';
import { getAttributeSync, listAttributesSync, removeAttributeSync, setAttributeSync } from '@napi-rs/xattr';
import { type ByteString, byteString, bytesOf, compareBytes } from '../byte-string.ts';

/** An extended attribute of a file; name and value are bytes. */
export interface FileXattr {
  readonly name: ByteString;
  readonly value: ByteString;
}

/**
 * The attributes that belong to content. Others describe the machine (SELinux labels, overlay bookkeeping) and stay out of
 * manifests.
 */
const CARRIED = /^(?:user\..+|security\.(?:capability|ima)|system\.posix_acl_(?:access|default))$/;

const NOT_SUPPORTED = 95;
const NO_ACCESS = 1;

/**
 * The carried attributes of the file, directory or link itself at `path`, sorted by name; none where the file system knows
 * none. `path` is text, so a file whose name is not UTF-8 has to be reached through another name.
 */
export function readXattrs(path: string): FileXattr[] {
  const names = unlessUnsupported(() => listAttributesSync(path)) ?? [];
  const xattrs = names.filter((name) => CARRIED.test(name)).flatMap((name) => readXattr(path, name));
  return xattrs.sort((a, b) => compareBytes(a.name, b.name));
}

function readXattr(path: string, name: string): FileXattr[] {
  const value = unlessUnsupported(() => getAttributeSync(path, name)) ?? null;
  return value === null ? [] : [{ name: name as ByteString, value: byteString(value) }];
}

/**
 * Gives the file or directory at `path` exactly `wanted` of the carried attributes.
 * @returns false where the file system has no extended attributes, or this user may not set them
 */
export function writeXattrs(path: string, wanted: readonly FileXattr[]): boolean {
  const present = readXattrs(path);
  if (wanted.length === 0 && present.length === 0) return true;
  const names = new Set<string>(wanted.map(({ name }) => name));
  const done = unlessUnsupported(() => {
    for (const { name } of present) if (!names.has(name)) removeAttributeSync(path, name);
    for (const { name, value } of wanted) setAttributeSync(path, name, bytesOf(value));
    return true;
  });
  return done ?? false;
}

function unlessUnsupported<T>(operation: () => T): T | undefined {
  try {
    return operation();
  } catch (error) {
    const number = systemErrorOf(error);
    if ([NOT_SUPPORTED, NO_ACCESS].includes(number)) return undefined;
    throw number === 0 ? error : withCode(error, number);
  }
}

/** The library gives its errors no code but this text. */
function systemErrorOf(error: unknown): number {
  return Number(/\(os error (\d+)\)/.exec(String(error))?.[1] ?? 0);
}

/** The same error with the code that errors of `node:fs` have: callers tell `ENOENT` from `ENOSPC` by it. */
function withCode(cause: unknown, number: number): Error {
  const code = getSystemErrorName(-number);
  return Object.assign(new Error(`${code}: ${cause instanceof Error ? cause.message : cause}`, { cause }), {
    code,
  });
}
