import { brotliDecompressSync } from 'node:zlib';
import { align } from '../../../shared/src/delta/align/align.ts';
import { bytesSource } from '../../../shared/src/delta/delta-source.ts';
import { targetFormSize } from '../../../shared/src/delta/inflated/close-target.ts';
import type { Reference } from '../../../shared/src/delta/inflated/corrections.ts';
import { inflatedOver } from '../../../shared/src/delta/inflated/inflated.ts';
import { openSource } from '../../../shared/src/delta/inflated/source-form.ts';
import {
  formatList,
  parseList,
  type StreamList,
  type TargetStream,
} from '../../../shared/src/delta/inflated/stream-list.ts';
import { PNG_TRAILER, TRAILERS } from '../../../shared/src/delta/inflated/trailer.ts';
import { zstdPatch } from '../../../shared/src/delta/zstd-patch/zstd-patch.ts';
import { formatPiece } from '../../../shared/src/delta/zstd-patch/zstd-patch-piece.ts';
import { compressPiece } from '../../../shared/src/delta/zstd-piece.ts';
import { VarintReader, VarintWriter } from '../../../shared/src/varint.ts';
import { decodeGuarded } from '../decode-guarded.ts';
import type { FuzzCase } from '../fuzz-case.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { mutateBytes } from '../mutate/mutate-bytes.ts';
import type { Random } from '../random.ts';
import { codecSeeds } from './codec-seeds.ts';
import { FOREIGN_PAIR, gzipPair, imagePair } from './packed-files.ts';
import { PAIRS } from './pairs.ts';

/** What may make the delta of the forms, each of them for some seeds. */
const INNER = [zstdPatch, align];
const codec = inflatedOver(INNER);
const SOME_PAIRS = PAIRS.filter(({ name }) => ['edited', 'run', 'program'].includes(name));
/** Bytes of a form that is made of one word. */
const FORM_MAX = 64 * 1024;

/** Deltas between files with deflate streams in them. */
export const inflatedTarget: FuzzTarget = {
  name: 'inflated',
  run: (input) => decodeGuarded(codec, input),
  async makeSeeds() {
    const pairs = SOME_PAIRS.flatMap((pair) => [gzipPair(pair), imagePair(pair)]).concat(FOREIGN_PAIR);
    const seeds = await Promise.all(INNER.map((inner) => codecSeeds(inflatedOver([inner]), pairs)));
    return seeds.flatMap((some, index) => some.map((seed) => ({ ...seed, name: `${seed.name}-${index}` })));
  },
  mutations: [editStream, editStream, editGaps, mutateList, remakeForm],
};

function editStream(input: FuzzCase, random: Random): FuzzCase | undefined {
  return edit(input, ({ list, ...rest }) => {
    if (list.target.length === 0) return undefined;
    const index = random.below(list.target.length);
    const stream = list.target[index];
    if (stream === undefined) return undefined;
    const changed = random.pick<(from: TargetStream) => TargetStream>([
      (from) => ({ ...from, profile: random.below(60) }),
      (from) => withTrailer(from, random),
      (from) => ({ ...from, size: Math.max(0, from.size + random.below(9) - 4) }),
      (from) => ({ ...from, correction: bytesLike(from.correction, random) }),
      (from) => ({ ...from, correction: bytesLike(from.correction, random) }),
    ])(stream);
    return { ...rest, list: { ...list, target: list.target.with(index, changed) } };
  });
}

function withTrailer({ chunks: _, ...stream }: TargetStream, random: Random): TargetStream {
  const trailer = random.pick(TRAILERS);
  if (trailer !== PNG_TRAILER) return { ...stream, trailer };
  const [size, total] = [random.below(40), random.below(400)];
  return { ...stream, trailer, chunks: { header: random.below(0x10000), size, total } };
}

function editGaps(input: FuzzCase, random: Random): FuzzCase | undefined {
  return edit(input, ({ list, ...rest }) => {
    const near = (gap: number) => Math.max(0, gap + random.below(5) - 2);
    const target = list.target.map((stream) => ({
      ...stream,
      gap: random.oneIn(2) ? near(stream.gap) : stream.gap,
    }));
    const changed = random.pick<StreamList>([
      { ...list, tail: near(list.tail) },
      { ...list, target },
      { ...list, target: [...list.target, ...list.target] },
      { ...list, target: list.target.slice(1) },
      { ...list, source: list.source.map(near) },
      { ...list, source: [...list.source, random.below(64)] },
      { ...list, source: [] },
    ]);
    return { ...rest, list: changed };
  });
}

/** The bytes of the list, which are compressed in the payload of a long one. */
function mutateList(input: FuzzCase, random: Random): FuzzCase | undefined {
  return edit(input, ({ codecId, list, inner }) => {
    const { bytes, corrections } = plainList(list);
    const packedList = Buffer.concat([packList(bytesLike(bytes, random)), corrections]);
    return { codecId, packedList, inner };
  });
}

/** A form of the right size, of one word, so that streams of other texts are put together. */
function remakeForm(input: FuzzCase, random: Random): FuzzCase | undefined {
  return edit(input, ({ codecId, list }) => {
    const size = targetFormSize(list);
    if (size === 0 || size > FORM_MAX) return undefined;
    const word = Buffer.from(Array.from({ length: random.length(300) }, () => random.below(4) * 20));
    const frame = compressPiece(new Uint8Array(0), Buffer.alloc(size, word), 'quick');
    return { codecId, list, inner: formatPiece({ region: { start: 0, length: 0 }, size, frame }) };
  });
}

interface Parts {
  readonly codecId: number;
  readonly list: StreamList;
  /** What the corrections refer to, where they do. */
  readonly reference: Reference | undefined;
  readonly inner: Uint8Array;
}

type Edited = Pick<Parts, 'codecId' | 'inner'> &
  ({ readonly list: StreamList } | { readonly packedList: Uint8Array });

/** Undefined where the payload is damaged already. */
function edit(input: FuzzCase, change: (parts: Parts) => Edited | undefined): FuzzCase | undefined {
  const parts = partsOf(input);
  const edited = parts === undefined ? undefined : change(parts);
  if (edited === undefined) return undefined;
  const list = 'list' in edited ? formatList(edited.list, parts?.reference) : edited.packedList;
  return { ...input, payload: Buffer.concat([Buffer.from([edited.codecId]), list, edited.inner]) };
}

function partsOf({ source, payload }: FuzzCase): Parts | undefined {
  try {
    const reader = new VarintReader(payload);
    const codecId = reader.read(127);
    let reference: Reference | undefined;
    const list = parseList(reader, (gaps, profile) => {
      const { corrections } = openSource(bytesSource(source), gaps, profile);
      reference = { profile, corrections };
      return corrections;
    });
    return { codecId, list, reference, inner: reader.readRest() };
  } catch {
    return undefined;
  }
}

function bytesLike(bytes: Uint8Array, random: Random): Uint8Array {
  return mutateBytes(bytes, 512, { other: bytes, numbers: [bytes.length], random });
}

/** The bytes of a list, not compressed, and what is behind it: the corrections. */
function plainList(list: StreamList): { readonly bytes: Uint8Array; readonly corrections: Uint8Array } {
  const reader = new VarintReader(formatList(list));
  const head = reader.read(2 ** 32);
  const bytes = head % 2 === 0 ? reader.readBytes(head / 2) : brotliDecompressSync(reader.readSection());
  return { bytes, corrections: reader.readRest() };
}

/** As a payload has a list that is not compressed. */
function packList(bytes: Uint8Array): Uint8Array {
  const writer = new VarintWriter();
  writer.write(bytes.length * 2);
  writer.writeBytes(bytes);
  return writer.take();
}
