/** ROOT OUTSIDE PATH…: swaps each file or directory ROOT/PATH for a link to OUTSIDE/PATH and back, as quickly as it can, until it is told to stop. */
import { lstatSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

const [root = '', outside = '', ...paths] = process.argv.slice(2);
/** Swaps in one turn of the event loop. */
const TURN = 50;
let swaps = 0;
let stopped = false;
process.once('message', () => {
  stopped = true;
});
process.send?.('ready');
while (!stopped) {
  for (let turn = 0; turn < TURN; turn++) for (const path of paths) swap(path);
  await setImmediate();
}
process.send?.(swaps, () => process.disconnect());

function swap(path: string): void {
  const at = join(root, path);
  const away = `${at}.away`;
  if (!isReal(at) || !unlessBusy(() => renameSync(at, away))) return;
  if (unlessBusy(() => symlinkSync(join(outside, path), at))) {
    swaps++;
    unlessBusy(() => unlinkSync(at));
  }
  // The client may have put a directory there in the meantime; then the old one goes.
  if (!unlessBusy(() => renameSync(away, at))) rmSync(away, { recursive: true, force: true });
}

function isReal(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === false;
}

/** Whether it went well: the client changes things at the same time. */
function unlessBusy(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
