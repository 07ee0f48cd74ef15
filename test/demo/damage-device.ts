import { chmodSync, closeSync, openSync, readSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that somebody, or a bad disk, does to a device. */
export interface Damage {
  readonly path: string;
  readonly text: string;
  /** What `swupd verify` calls it. */
  readonly finding: string;
  readonly inflict: (path: string) => void;
}

export const DAMAGES: readonly Damage[] = [
  {
    path: 'usr/lib/esbuild-0.25.11/bin/esbuild',
    text: 'a bad block in a program',
    finding: 'Modified file',
    inflict: flipByte,
  },
  {
    path: 'usr/lib/prettier/index.mjs',
    text: 'a file is gone',
    finding: 'Missing file',
    inflict: (path) => rmSync(path),
  },
  {
    path: 'usr/lib/eslint/conf',
    text: 'a whole folder is gone',
    finding: 'Missing file',
    inflict: (path) => rmSync(path, { recursive: true }),
  },
  {
    path: 'usr/lib/os-release',
    text: 'everybody may write to a file',
    finding: 'Wrong mode',
    inflict: (path) => chmodSync(path, 0o666),
  },
  {
    path: 'usr/bin/eslint',
    text: 'a link leads somewhere else',
    finding: 'Wrong link target',
    inflict: (path) => {
      rmSync(path);
      symlinkSync('/tmp/evil', path);
    },
  },
];

export function damageDevice(root: string): void {
  for (const { path, inflict } of DAMAGES) inflict(join(root, path));
}

const PLACE = 4096;

/** In place, so that size and inode stay as they are. */
function flipByte(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(fd, byte, 0, 1, PLACE);
    byte[0] = ~(byte[0] ?? 0);
    writeSync(fd, byte, 0, 1, PLACE);
  } finally {
    closeSync(fd);
  }
}
