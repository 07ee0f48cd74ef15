import { blobsOf, PACK_PREFIX_SIZE, parseManifest, parsePackHead } from '@swupd/manifests';
import { compressFrame, decompressFrame, sha256 } from '@swupd/shared';
import { FrameReader } from '../../../client/src/content/frame-reader.ts';
import { parsePackLayout } from '../../../client/src/content/parse-pack-layout.ts';
import type { ReadableFile } from '../../../client/src/disk/index.ts';
import { planRanges } from '../../../client/src/plan/plan-ranges.ts';
import { Finding } from '../finding.ts';
import type { FuzzCase } from '../fuzz-case.ts';
import { parserTarget, summary, vector } from './parser-target.ts';

const FROM = parseManifest(vector('manifest-editors-10.txt'));
const TO = parseManifest(vector('manifest-editors-20.txt'));
const BLOBS = { from: blobsOf(FROM), to: blobsOf(TO) };

/** A head as it comes from the server: prefix and compressed index. */
export const packHeadTarget = parserTarget({
  name: 'pack-head',
  isCanonical: false,
  parse: ({ payload }) => summary(parsePackHead(payload, BLOBS)),
  seeds: () => [
    { name: 'vector', payload: headOf(indexText()) },
    {
      name: 'small',
      payload: headOf(Buffer.from('swupd-pack\t1\nbundle\tx\nfrom\t0\nto\t1\nframes\t0\n\n')),
    },
  ],
});

/** The text of an index, and what the device plans by it: ranges that lie in the pack, one behind the other. */
export const packIndexTarget = parserTarget({
  name: 'pack-index',
  isCanonical: false,
  parse: ({ payload }) => {
    const head = headOf(payload);
    const index = parsePackHead(head, BLOBS);
    const size = index.frames.reduce((sum, { storedSize }) => sum + storedSize, head.length);
    const pack = { from: index.from, digest: sha256(payload), size };
    const layout = parsePackLayout(head, { bundle: 'editors', pack, to: TO, from: FROM });
    const { ranges } = planRanges(layout, { wanted: BLOBS.to, has: () => true, looseCost: () => 1e6 });
    let end = head.length;
    for (const { offset, length } of ranges) {
      if (offset < end || length <= 0 || offset + length > size)
        throw new Finding('bad-read', `a range of ${length} at ${offset} of ${size}`);
      end = offset + length;
    }
    return summary(ranges);
  },
  seeds: () => [{ name: 'vector', payload: indexText() }],
});

/** The bytes of one frame; as many as its index announces, or an error. */
export const frameTarget = parserTarget({
  name: 'frame',
  isCanonical: false,
  parse: takeFrame,
  seeds: () => {
    const plain = vector('manifest-os-core-10.txt');
    const long = Buffer.concat(Array<Buffer>(1500).fill(plain));
    return [
      { name: 'stored', payload: plain, targetSize: plain.length },
      { name: 'compressed', payload: compressFrame(plain, 3), targetSize: plain.length },
      { name: 'streamed', payload: compressFrame(long, 3), targetSize: long.length },
      { name: 'small', payload: compressFrame(Buffer.alloc(4096, 'a'), 3), targetSize: 4096 },
    ];
  },
});

async function takeFrame({ payload, targetSize }: FuzzCase): Promise<Uint8Array | undefined> {
  const frame = { storedSize: payload.length, plainSize: targetSize, members: [] };
  const reader = new FrameReader(memoryFile(payload), { offset: 0, frame });
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of reader.take(targetSize)) parts.push(new Uint8Array(chunk));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    await reader.close();
  }
  const made = Buffer.concat(parts);
  if (made.length !== targetSize) throw new Finding('too-much', `${made.length} of ${targetSize} bytes`);
  return made;
}

function memoryFile(bytes: Uint8Array): ReadableFile {
  return {
    size: bytes.length,
    descriptor: undefined,
    read(buffer, position) {
      const part = bytes.subarray(position, position + buffer.length);
      buffer.set(part);
      return part.length;
    },
    close() {},
  };
}

function headOf(plain: Uint8Array): Buffer {
  const stored = compressFrame(plain, 1);
  const prefix = Buffer.alloc(PACK_PREFIX_SIZE);
  prefix.write('SWUPDPK1', 'latin1');
  prefix.writeUInt32LE(stored.length, 8);
  prefix.writeUInt32LE(plain.length, 12);
  return Buffer.concat([prefix, stored]);
}

function indexText(): Uint8Array {
  const head = vector('pack-head-editors-10-20.bin');
  return decompressFrame(head.subarray(PACK_PREFIX_SIZE), head.readUInt32LE(12));
}
