/** A TUF client as the public conformance suite drives one. Ends with 0 or 1; the reason is on stderr, with its code. */
import { TrustError } from '@swupd/manifests/trust';
import { parseCommand } from './parse-command.ts';
import { ConformanceError, runCommand } from './run-command.ts';

try {
  await runCommand(parseCommand(process.argv.slice(2)), Math.floor(Date.now() / 1000));
} catch (error) {
  const code = error instanceof TrustError || error instanceof ConformanceError ? error.code : 'failed';
  process.stderr.write(`${code}: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
