/**
 * Applies one delta as a device does: the old file by positional reads, the new one written and hashed as it comes.
 * `decode-process.ts OLD DELTA NEW LENGTH SIZE` writes NEW; with `rate` behind it, decodes again and again for a while without
 * writing, and prints the bytes a second of processor time of the best round, when everything is compiled.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { closeDeltaWorkers, type DeltaSource, decodeDelta } from '@swupd/shared/delta';
import { decompress } from '../../../shared/src/compression.ts';
import { withOpenFile } from './make-delta.ts';

const RATE_MILLISECONDS = 3000;

const [from = '', delta = '', to = '', length = '', size = '', rate] = process.argv.slice(2);
const container = decompress(readFileSync(delta), Number(length));
const answer = await withOpenFile<string | number>(from, rate === 'rate' ? bestRate : writeTarget);
await closeDeltaWorkers();
process.stdout.write(JSON.stringify(answer));

async function writeTarget(source: DeltaSource): Promise<string> {
  const out = openSync(to, 'w');
  const hash = createHash('sha256');
  for await (const chunk of decodeDelta(source, container, Number(size))) {
    hash.update(chunk);
    for (let done = 0; done < chunk.length; ) done += writeSync(out, chunk, done);
  }
  closeSync(out);
  return hash.digest('hex');
}

async function bestRate(source: DeltaSource): Promise<number> {
  let best = 0;
  const end = performance.now() + RATE_MILLISECONDS;
  do {
    const started = process.cpuUsage();
    let bytes = 0;
    for await (const chunk of decodeDelta(source, container, Number(size))) bytes += chunk.length;
    const { user, system } = process.cpuUsage(started);
    best = Math.max(best, (1e6 * bytes) / (user + system));
  } while (performance.now() < end);
  return best;
}
