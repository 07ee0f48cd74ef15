import { VarintReader, VarintWriter } from '../../varint.ts';
import type { DeltaCodec } from '../codec.ts';
import { DeltaError } from '../delta-error.ts';
import { checkTarget, closeTarget, targetFormSize } from './close-target.ts';
import { INFLATED_LIMITS } from './limits.ts';
import { openPair } from './open-pair.ts';
import { type OpenSource, openSource } from './source-form.ts';
import { formatList, parseList } from './stream-list.ts';

const MIB = 1024 * 1024;
const CODEC_ID_MAX = 255;
/** Plain bytes of a stream for each of its own, in ordinary text. */
const TEXT_RATIO = 4;
/** For each MiB: to look for streams; to take them apart and make the delta. */
const SECONDS = { scan: 0.02, open: 0.8 };
/** The plain texts as they are found, the forms, and what the other codec needs for them. */
const FORMS = 3;

/**
 * Sees through deflate: both files are opened, so that their streams are plain texts, and one of the codecs `inner` makes the
 * delta of what comes out; those that don't compress what they write are not taken. `manifests/spec/inflated.md`.
 */
export function inflatedOver(inner: readonly DeltaCodec[]): DeltaCodec {
  const codecs = inner.filter(({ compressed }) => compressed);
  return {
    id: 4,
    name: 'inflated',
    compressed: true,

    estimate(sourceSize, targetSize) {
      const size = sourceSize + targetSize;
      const plain = Math.min(TEXT_RATIO * size, INFLATED_LIMITS.source + INFLATED_LIMITS.target);
      return {
        seconds: (SECONDS.scan * size + SECONDS.open * Math.min(targetSize, plain)) / MIB,
        memory: FORMS * (size + plain),
      };
    },

    async encode(source, target) {
      const pair = openPair(source, target);
      if (pair === undefined) return undefined;
      let smallest: Uint8Array | undefined;
      for (const codec of codecs) {
        const payload = await codec.encode(pair.source, pair.target);
        if (payload === undefined) continue;
        const whole = formatPayload(codec.id, formatList(pair.list, pair.reference), payload);
        if (smallest === undefined || whole.length < smallest.length) smallest = whole;
      }
      return smallest;
    },

    async *decode(source, payload, targetSize) {
      try {
        const reader = new VarintReader(payload);
        const codecId = reader.read(CODEC_ID_MAX);
        let opened: OpenSource | undefined;
        const list = parseList(reader, (gaps, profile) => {
          opened = openSource(source, gaps, profile);
          return opened.corrections;
        });
        const codec = codecs.find(({ id }) => id === codecId);
        if (codec === undefined)
          throw new DeltaError('unknown-codec', `the forms of a delta are for codec ${codecId}`);
        checkTarget(list, targetSize);
        opened ??= openSource(source, list.source);
        const form = codec.decode(opened.form, reader.readRest(), targetFormSize(list));
        const target = closeTarget(form, list);
        yield* limitBytes(target, targetSize);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new DeltaError('bad-delta', `the inflated payload is damaged: ${error.message}`, {
          cause: error,
        });
      }
    },
  };
}

function formatPayload(codecId: number, list: Uint8Array, inner: Uint8Array): Uint8Array {
  const head = new VarintWriter();
  head.write(codecId);
  return Buffer.concat([head.take(), list, inner]);
}

async function* limitBytes(chunks: AsyncIterable<Uint8Array>, max: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > max) throw new RangeError('the streams make more than the target');
    yield chunk;
  }
}
