import { isElf } from '../../../shared/src/elf-header.ts';
import type { FileClass } from './bench-pair.ts';

const GZIP = Buffer.from('\x1f\x8b', 'latin1');
const SHARED_OBJECT = /\.so(?:\.[0-9.]+)?$/;

/** The class of a file that starts with `head`. */
export function classOf(head: Uint8Array): FileClass {
  if (isElf(head)) return 'ELF';
  return GZIP.equals(head.subarray(0, GZIP.length)) ? 'gzip' : 'other';
}

/** The finer class of a file of class `own` at `path`: `.so` or `program` for ELF, otherwise its suffix, or `none`. */
export function kindOf(path: string, own: FileClass): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (own === 'ELF' && SHARED_OBJECT.test(name)) return '.so';
  const dot = name.lastIndexOf('.');
  const suffix = dot > 0 ? name.slice(dot) : '';
  if (/^\.[a-z]\w{0,7}$/i.test(suffix)) return suffix;
  return own === 'ELF' ? 'program' : 'none';
}
