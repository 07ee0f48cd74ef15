import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for one test, gone with the scope that holds it. */
export interface TempFolder extends Disposable {
  readonly path: string;
}

export function tempFolder(parent = tmpdir()): TempFolder {
  const path = mkdtempSync(join(parent, 'swupd-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
