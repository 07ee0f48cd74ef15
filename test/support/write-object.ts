import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestRepository } from './test-repository.ts';

/** Writes a file of the repository, whatever its name promises. */
export function write(repository: TestRepository, name: string, bytes: Uint8Array): void {
  const path = join(repository.path, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
