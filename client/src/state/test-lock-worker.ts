import { identityOf, isAlive } from '@swupd/shared/io';
import { REAL_DISK } from '../disk/index.ts';
import { openStateDirectory } from './state-directory.ts';
import { takeLock } from './state-lock.ts';

/**
 * One of several processes that race for a lock, for tests. Says `ready`, waits for a line, opens the state directory and takes
 * its lock, says what came of it, and ends with the next line, giving the lock back only when that says so.
 */
const [state = ''] = process.argv.slice(2);
const lines = process.stdin.setEncoding('utf8')[Symbol.asyncIterator]();
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

say('ready');
await lines.next();
let unlock: (() => void) | undefined;
try {
  const { top } = openStateDirectory(REAL_DISK.openRoot(state));
  unlock = takeLock(top, { self: identityOf(process.pid) ?? '', isAlive });
  say('won');
} catch (error) {
  say((error as { code?: string }).code ?? String(error));
}
const { value } = await lines.next();
if (String(value).trim() === 'unlock') unlock?.();
process.exit(0);
