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
  const xattrs: FileXattr[] = [];
  for (const name of names) {
    if (!CARRIED.test(name)) continue;
    const value = getAttributeSync(path, name);
    if (value !== null) xattrs.push({ name: name as ByteString, value: byteString(value) });
  }
  return xattrs.sort((a, b) => compareBytes(a.name, b.name));
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
    if ([NOT_SUPPORTED, NO_ACCESS].includes(systemErrorOf(error))) return undefined;
    throw error;
  }
}

/** The library gives its errors no code but this text. */
function systemErrorOf(error: unknown): number {
  return Number(/\(os error (\d+)\)/.exec(String(error))?.[1] ?? 0);
}
