/**
 * Makes one delta in a process of its own, so that time and memory can be told: `encode-process.ts CODEC OLD NEW DELTA`, where
 * CODEC is the name of a codec, or `ours` for the smallest of all. Writes the stored delta, and prints what it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compress } from '@swupd/shared';
import { CODECS, closeDeltaWorkers } from '@swupd/shared/delta';
import { formatContainer } from '../../../shared/src/delta/container.ts';
import { LEVEL, makeDelta } from './make-delta.ts';

/** What is printed, as JSON: null where the codec does not take the pair. */
export interface EncodedFile {
  readonly codec: string;
  /** Bytes of the delta before compression. */
  readonly length: number;
  /** Bytes of the file. */
  readonly stored: number;
}

const [codec = '', from = '', to = '', delta = ''] = process.argv.slice(2);
const made = codec === 'ours' ? await makeDelta(from, to) : await encodeBy(codec);
await closeDeltaWorkers();
let answer: EncodedFile | null = null;
if (made !== undefined) {
  writeFileSync(delta, made.stored);
  answer = { codec: made.codec, length: made.container.length, stored: made.stored.length };
}
process.stdout.write(JSON.stringify(answer));

async function encodeBy(name: string) {
  const found = CODECS.find((item) => item.name === name);
  const target = readFileSync(to);
  const payload = await found?.encode(readFileSync(from), target);
  if (found === undefined || payload === undefined) return undefined;
  const container = formatContainer({ codecId: found.id, payload });
  const stored = found.compressed ? container : compress(container, LEVEL).bytes;
  return { codec: name, container, stored };
}
