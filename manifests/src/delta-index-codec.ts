import { bytesOf, type Digest, LIMITS } from '@swupd/shared';
import { FormatError } from './format-error.ts';
import {
  badLine,
  fieldsOf,
  HeaderReader,
  parseDigest,
  parseInteger,
  readBody,
  readHeader,
} from './line-reader.ts';

/** A delta that lies in the repository as a file of its own. */
export interface LooseDelta {
  readonly to: Digest;
  readonly from: Digest;
  /** Bytes of the delta, and of the file that holds it: equal where it is not compressed. */
  readonly length: number;
  readonly storedSize: number;
}

/** The loose deltas towards the blobs of one manifest, sorted by `to`, then `from`. */
export interface DeltaIndex {
  readonly bundle: string;
  readonly deltas: readonly LooseDelta[];
}

const MAGIC = 'swupd-deltas';
const FORMAT = 1;

/** The bytes of a list of deltas. `manifests/spec/delta-index.md`. */
export function formatDeltaIndex(index: DeltaIndex): Buffer {
  const lines = [
    `${MAGIC}\t${FORMAT}`,
    `bundle\t${index.bundle}`,
    `deltas\t${index.deltas.length}`,
    '',
    ...index.deltas.map((delta) => [delta.to, delta.from, delta.length, delta.storedSize].join('\t')),
    '',
  ];
  return bytesOf(lines.join('\n'));
}

/** @throws FormatError `bad-manifest`, `unknown-format` */
export function parseDeltaIndex(bytes: Uint8Array): DeltaIndex {
  const header = readHeader(bytes, MAGIC, FORMAT);
  const fields = new HeaderReader(header);
  const bundle = fields.bundle();
  const count = fields.integer('deltas');
  fields.end();
  const deltas: LooseDelta[] = [];
  for (const line of readBody(header, count)) {
    const [to, from, length, stored] = fieldsOf(line, 4);
    const delta = {
      to: parseDigest(to, line),
      from: parseDigest(from, line),
      length: parseInteger(length, line, LIMITS.fileSize),
      storedSize: parseInteger(stored, line, LIMITS.fileSize),
    };
    const before = deltas.at(-1);
    if (before !== undefined && keyOf(before) >= keyOf(delta))
      throw badLine(line, 'the deltas are not sorted, or one comes twice');
    if (delta.storedSize > delta.length) throw badLine(line, 'the stored size is larger than the size');
    deltas.push(delta);
  }
  if (deltas.length !== count)
    throw new FormatError('bad-manifest', `${MAGIC}: ${deltas.length} deltas where the header says ${count}`);
  return { bundle, deltas };
}

function keyOf(delta: LooseDelta): string {
  return delta.to + delta.from;
}
