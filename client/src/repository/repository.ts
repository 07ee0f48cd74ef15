import type { ObjectSource } from '@swupd/shared/io';

/** What went over the wire since the source was opened: redirects, failures and repetitions included. */
export interface TransferStats {
  readonly requests: number;
  /** Bytes of bodies, without heads. */
  readonly bytes: number;
}

export interface RetryPolicy {
  /** Repetitions after the first attempt. */
  readonly maxRetries: number;
  /** Milliseconds before the first repetition. */
  readonly delay: number;
  /** Milliseconds; no pause is longer, whatever the count of failures is, or the server asks for (Retry-After). */
  readonly longest: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * An object source with what transfers need besides. `fetch` tries once; `fetchBytes` and `downloadFile` try again by
 * `retry`. Whoever calls `fetch` iterates the body, or aborts the signal: until then it holds a connection.
 */
export interface Repository extends ObjectSource {
  readonly stats: TransferStats;
  readonly retry: RetryPolicy;
}

/** The least that a transfer may deliver. */
export interface FloorRate {
  /** Bytes a second, averaged over `window`. */
  readonly bytesPerSecond: number;
  /** Milliseconds of waiting for the network. */
  readonly window: number;
}

export interface RepositoryOptions {
  /** For http_proxy, https_proxy and no_proxy, in both cases. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `swupd/VERSION` */
  readonly userAgent: string;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** In [0, 1): spreads the retries of many devices. */
  readonly random: () => number;
  /** Allows http: for other hosts than this one. */
  readonly allowInsecureHttp?: boolean;
  /** A PEM file with CA certificates to trust besides the default ones. */
  readonly caFile?: string;
  /** How often a transfer that fails is tried again; default 3. */
  readonly maxRetries?: number;
  /** Milliseconds before the first retry, doubled for each further one; default 1000. */
  readonly retryDelay?: number;
  /** Milliseconds that no pause between two attempts exceeds; default a minute. */
  readonly longestPause?: number;
  /** Milliseconds until the head of the answer is there, with lookup, connecting and TLS; default 30,000. */
  readonly answerTimeout?: number;
  /** Default 1 KiB a second over 30 s. */
  readonly floorRate?: FloorRate;
}

export const DEFAULT_ANSWER_TIMEOUT = 30_000;
export const DEFAULT_FLOOR_RATE: FloorRate = { bytesPerSecond: 1024, window: 30_000 };

/** A component begins with a letter or digit; roles of trust metadata, which others name, are percent-encoded. */
const COMPONENT = '(?!\\.{1,2}(?:/|$))(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+';
const OBJECT_NAME = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);

/** Names are made by the layout of the repository, never taken from outside: a bad one is a fault of the program. */
export function checkObjectName(name: string): string {
  if (!OBJECT_NAME.test(name)) throw new TypeError(`'${name}' is no name of a published file`);
  return name;
}
