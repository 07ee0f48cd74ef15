import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdDecompress, type ZstdDecompress } from 'node:zlib';
import { type Digest, decompress, LIMITS, releaseBytes } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import {
  checkPresence,
  type Inspection,
  readExpected,
  reportDigest,
  reportUnreadable,
} from './inspection.ts';
import { SourceError } from './published-source.ts';

/** What is held in memory; more goes through as a stream. Bytes. */
const HELD = 4 * 1024 * 1024;

/** A stored object that can be checked by itself. */
export interface StoredContent {
  readonly digest: Digest;
  readonly size: number;
  readonly storedSize: number;
}

/** Whether the content goes through as a stream. */
export function isLarge({ size }: StoredContent): boolean {
  return size > HELD;
}

/** Whether the file holds this content, decoded; where not, that is among the findings. */
export async function checkContent(
  inspection: Inspection,
  name: string,
  content: StoredContent,
): Promise<boolean> {
  if (inspection.quick) return checkPresence(inspection, name, content.storedSize);
  if (isLarge(content)) return checkStream(inspection, name, content);
  const plain = await readContent(inspection, name, content);
  if (plain !== undefined) releaseBytes(plain);
  return plain !== undefined;
}

/** The plain bytes of a file that fits into memory, verified. */
export async function readContent(
  inspection: Inspection,
  name: string,
  { digest, size, storedSize }: StoredContent,
): Promise<Uint8Array | undefined> {
  const stored = await readExpected(inspection, name, { size: storedSize });
  const plain = stored && decode(inspection, name, () => decompress(stored, size));
  if (plain === undefined || hashContent(plain) === digest) return plain;
  reportDigest(inspection, name, digest);
  return undefined;
}

/** What `work` decodes; undefined where the bytes are damaged, which is reported. */
export function decode(
  { findings }: Inspection,
  name: string,
  work: () => Uint8Array,
): Uint8Array | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.add('damaged', name, error.message);
    return undefined;
  }
}

async function checkStream(
  inspection: Inspection,
  name: string,
  { digest, size, storedSize }: StoredContent,
): Promise<boolean> {
  if (!(await checkPresence(inspection, name, storedSize))) return false;
  const hash = createHash('sha256');
  let left = size;
  const take = async (parts: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const part of parts) {
      left -= part.length;
      if (left < 0) throw new RangeError(`more than ${size} bytes after decompression`);
      hash.update(part);
    }
  };
  try {
    const stored = await inspection.source.open(name);
    if (stored === undefined) throw new SourceError(`${name} has just gone`);
    await (storedSize === size ? take(stored) : pipeline(stored, decoder(), take));
  } catch (error) {
    if (!isDamage(error)) reportUnreadable(inspection.findings, name, error);
    else inspection.findings.add('damaged', name, (error as Error).message);
    return false;
  }
  if (left === 0 && hash.digest('hex') === digest) return true;
  reportDigest(inspection, name, digest);
  return false;
}

function decoder(): ZstdDecompress {
  return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: LIMITS.windowLog } });
}

function isDamage(error: unknown): boolean {
  return error instanceof RangeError || /^(?:ZSTD|Z)_/.test((error as NodeJS.ErrnoException).code ?? '');
}
