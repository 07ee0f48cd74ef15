import type { FloorRate } from './repository.ts';

export interface FloorRateOptions {
  readonly rate: FloorRate;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Called once when `body` is too slow; has to make its pending read end. */
  readonly stop: () => void;
}

/**
 * `body` as it is, watched: `stop` is called when less than the floor came in a window of waiting for it. Only time in
 * which somebody waits for bytes counts, so a slow disk behind this does no harm. Against servers that hold a
 * connection open by a byte now and then.
 */
export async function* requireFloorRate(
  body: AsyncIterable<Uint8Array>,
  { rate, now, stop }: FloorRateOptions,
): AsyncGenerator<Uint8Array> {
  const enough = (rate.bytesPerSecond * rate.window) / 1000;
  const iterator = body[Symbol.asyncIterator]();
  let waited = 0;
  let received = 0;
  try {
    for (;;) {
      const began = now();
      const timer = setTimeout(stop, Math.max(rate.window - waited, 0));
      const step = await iterator.next().finally(() => clearTimeout(timer));
      if (step.done === true) return;
      waited += now() - began;
      received += step.value.length;
      if (received >= enough) {
        waited = 0;
        received = 0;
      }
      yield step.value;
    }
  } finally {
    await iterator.return?.();
  }
}
