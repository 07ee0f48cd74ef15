import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Digest } from '@swupd/shared';
import { BuildError } from '../build-error.ts';
import { fillStaged } from '../repository/staged-file.ts';
import type { FileSection } from './published-frames.ts';

const CHUNK = 1024 * 1024;

/** Writes the file `path`: `head`, and behind it the sections of other files; gives the digest of all. */
export function joinSections(path: string, head: Uint8Array, sections: readonly FileSection[]): Digest {
  const hash = createHash('sha256');
  fillStaged(path, (aside) => {
    const fd = openSync(aside, 'w');
    try {
      const append = (bytes: Uint8Array): void => {
        hash.update(bytes);
        for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
      };
      append(head);
      for (const section of sections) copySection(section, append);
    } finally {
      closeSync(fd);
    }
  });
  return hash.digest('hex') as Digest;
}

function copySection({ path, offset, size }: FileSection, append: (bytes: Uint8Array) => void): void {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size));
  const fd = openSync(path, 'r');
  try {
    for (let done = 0; done < size; ) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, size - done), offset + done);
      if (count === 0) throw new BuildError('bad-repository', `${path} is shorter than it should be`);
      append(buffer.subarray(0, count));
      done += count;
    }
  } finally {
    closeSync(fd);
  }
}
