/** What the client workflow asks of whoever drives it. */
export type TrustRequest =
  | {
      /** From the server: the bytes, or undefined where there is no such file. */
      readonly kind: 'fetch';
      /** Below the folder of the metadata; percent-encoded already. */
      readonly name: string;
      /** Bytes to read at most, against endless files. */
      readonly limit: number;
      readonly role: string;
      /** Undefined for the timestamp, whose name has none. */
      readonly version: number | undefined;
    }
  /** From the device's own store: what `save` has put there last; undefined where there is none. */
  | { readonly kind: 'load'; readonly role: string }
  /** Into the store, durably, before the run goes on. */
  | { readonly kind: 'save'; readonly role: string; readonly bytes: Uint8Array };

/**
 * The client workflow without its I/O: it yields requests, gets the answers, and returns what is trusted then. So it is the same
 * on a device, in the server's tools and in tests, each of which answers in its own way, and stays without clock, disk and
 * network. Whatever prefix of the requests was answered when a run is cut off, the store is good for the next one.
 */
export type TrustRun<T> = Generator<TrustRequest, T, Uint8Array | undefined>;

/** Carries out a run by a function that answers at once. */
export function driveTrust<T>(
  run: TrustRun<T>,
  answer: (request: TrustRequest) => Uint8Array | undefined,
): T {
  let step = run.next();
  while (step.done !== true) step = run.next(answer(step.value));
  return step.value;
}
