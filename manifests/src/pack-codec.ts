import { bytesOf, compressFrame, type Digest, decompressFrame, LIMITS } from '@swupd/shared';
import { FormatError } from './format-error.ts';
import {
  badLine,
  fieldsOf,
  HeaderReader,
  type Line,
  parseInteger,
  readBody,
  readHeader,
} from './line-reader.ts';
import type { Blob } from './manifest-blobs.ts';
import { formatMember, membersSize, type PackBlobs, type PackMember, parseMember } from './pack-member.ts';

/** Some members, one behind the other, stored together. */
export interface PackFrame {
  /** Bytes in the pack; equal to `plainSize` where the frame is not compressed, otherwise one zstd frame. */
  readonly storedSize: number;
  readonly plainSize: number;
  readonly members: readonly PackMember[];
}

export interface PackIndex {
  readonly bundle: string;
  /** Versions of the two manifests; `from` is 0 for a zero pack. */
  readonly from: number;
  readonly to: number;
  readonly frames: readonly PackFrame[];
}

const MAGIC = 'swupd-pack';
const FORMAT = 1;
const INDEX_LEVEL = 19;
/** Plain bytes that an index may have, and how many more for each blob of its manifests. `manifests/spec/pack.md`, "Index". */
const INDEX_BASE = 64 * 1024;
const INDEX_PER_BLOB = 256;
/** Magic and the two sizes. */
export const PACK_PREFIX_SIZE = 16;
const PREFIX_MAGIC = Buffer.from('SWUPDPK1', 'latin1');

/** What stands before the frames of a pack: prefix and compressed index. `manifests/spec/pack.md`. */
export function formatPackHead(index: PackIndex, blobs: PackBlobs): Buffer {
  const plain = formatIndex(index, blobs);
  const stored = compressFrame(plain, INDEX_LEVEL);
  const prefix = Buffer.alloc(PACK_PREFIX_SIZE);
  PREFIX_MAGIC.copy(prefix);
  prefix.writeUInt32LE(stored.length, 8);
  prefix.writeUInt32LE(plain.length, 12);
  return Buffer.concat([prefix, stored]);
}

/**
 * The size of the whole head, from the first `PACK_PREFIX_SIZE` bytes of a pack.
 * @throws FormatError `bad-pack`, `unknown-format`
 */
export function packHeadSize(prefix: Uint8Array): number {
  const bytes = Buffer.from(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (bytes.length < PACK_PREFIX_SIZE || !bytes.subarray(0, 7).equals(PREFIX_MAGIC.subarray(0, 7))) {
    throw new FormatError('bad-pack', 'this is no pack');
  }
  if (bytes[7] !== PREFIX_MAGIC[7])
    throw new FormatError('unknown-format', 'the pack has a format that this version does not know');
  const stored = bytes.readUInt32LE(8);
  if (stored > LIMITS.document) throw new FormatError('bad-pack', `the head of the pack has ${stored} bytes`);
  return PACK_PREFIX_SIZE + stored;
}

/**
 * The index of a pack out of its head, `packHeadSize` bytes.
 * `blobs` are those of the two manifests (`blobsOf`), for a zero pack none on the `from` side.
 * @throws FormatError `bad-pack`, `bad-manifest`, `unknown-format`
 */
export function parsePackHead(head: Uint8Array, blobs: PackBlobs): PackIndex {
  if (packHeadSize(head) !== head.length)
    throw new FormatError('bad-pack', 'the head of the pack is not complete');
  const plainSize = Buffer.from(head.buffer, head.byteOffset, head.byteLength).readUInt32LE(12);
  if (plainSize > indexLimit(blobs))
    throw new FormatError('bad-pack', `the index of the pack has ${plainSize} bytes`);
  return parseIndex(decompressIndex(head.subarray(PACK_PREFIX_SIZE), plainSize), blobs);
}

/**
 * Against a head that nobody has vouched for, and that decompresses to gigabytes. Each blob is brought once, and named as a source
 * a few times at most, by some ten bytes each time.
 */
function indexLimit({ from, to }: PackBlobs): number {
  return Math.min(INDEX_BASE + INDEX_PER_BLOB * (from.length + to.length), LIMITS.document);
}

function formatIndex(index: PackIndex, blobs: PackBlobs): Buffer {
  const numbers = { from: numbersOf(blobs.from), to: numbersOf(blobs.to) };
  const lines = [
    `${MAGIC}\t${FORMAT}`,
    `bundle\t${index.bundle}`,
    `from\t${index.from}`,
    `to\t${index.to}`,
    `frames\t${index.frames.length}`,
    '',
    ...index.frames.flatMap((frame) => [
      `frame\t${frame.storedSize}\t${frame.plainSize}`,
      ...frame.members.map((member) => formatMember(member, numbers)),
    ]),
    '',
  ];
  return bytesOf(lines.join('\n'));
}

function numbersOf(blobs: readonly Blob[]): Map<Digest, number> {
  return new Map(blobs.map((blob, number) => [blob.digest, number]));
}

function decompressIndex(stored: Uint8Array, plainSize: number): Uint8Array {
  try {
    return decompressFrame(stored, plainSize);
  } catch (cause) {
    throw new FormatError('bad-pack', 'the index of the pack is damaged', { cause });
  }
}

function parseIndex(bytes: Uint8Array, blobs: PackBlobs): PackIndex {
  const header = readHeader(bytes, MAGIC, FORMAT);
  const fields = new HeaderReader(header);
  const bundle = fields.bundle();
  const from = fields.integer('from');
  const to = fields.integer('to');
  const count = fields.integer('frames');
  fields.end();
  if (from >= to) throw new FormatError('bad-pack', `${MAGIC}: a pack from version ${from} to ${to}`);
  const frames: { storedSize: number; plainSize: number; members: PackMember[] }[] = [];
  for (const line of readBody(header)) {
    if (line.fields[0] === 'frame') {
      if (frames.length === count) throw badLine(line, `more frames than the ${count} that the header says`);
      frames.push(parseFrame(line));
    } else if (frames.length === 0) throw badLine(line, 'the first line of the body is no frame');
    else frames.at(-1)?.members.push(parseMember(line, blobs));
  }
  if (frames.length !== count)
    throw new FormatError('bad-pack', `${MAGIC}: ${frames.length} frames where the header says ${count}`);
  for (const frame of frames) {
    if (membersSize(frame.members) !== frame.plainSize)
      throw new FormatError('bad-pack', `${MAGIC}: a frame has another size than its members`);
  }
  return { bundle, from, to, frames };
}

function parseFrame(line: Line): { storedSize: number; plainSize: number; members: PackMember[] } {
  const [, stored, plain] = fieldsOf(line, 3);
  const frame = {
    storedSize: parseInteger(stored, line, LIMITS.fileSize),
    plainSize: parseInteger(plain, line, LIMITS.fileSize),
    members: [],
  };
  if (frame.storedSize > frame.plainSize)
    throw badLine(line, 'the frame is stored in more bytes than it has');
  return frame;
}
