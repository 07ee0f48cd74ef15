import { setTimeout as sleep } from 'node:timers/promises';
import type { RepositoryOptions, RetryPolicy } from './repository.ts';
import { aborted, RepositoryError } from './repository-error.ts';

export function retryPolicyOf({
  maxRetries = 3,
  retryDelay = 1000,
  longestPause = 60_000,
  random,
}: RepositoryOptions): RetryPolicy {
  return { maxRetries, delay: retryDelay, longest: longestPause, random };
}

export interface RetryOptions {
  /** The object, for messages. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Whether the attempt that just failed came further than all before it: then the count of failures starts again. */
  readonly progressed?: () => boolean;
}

/**
 * Runs `attempt` until it succeeds, fails with an error that no retry can help, or has failed `maxRetries` + 1 times in
 * a row.
 * @throws what the last attempt threw; `aborted`
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  { name, signal, progressed = () => false }: RetryOptions,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    if (signal?.aborted) throw aborted(name, signal);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RepositoryError && error.retry)) throw error;
      if (progressed()) failures = 0;
      if (failures >= policy.maxRetries) throw error;
      await pause(pauseBefore(failures, policy, askedPause(error)), name, signal);
    }
  }
}

/**
 * Milliseconds before repetition `retry` (0 is the first): doubled each time and spread between half and the whole, so that
 * devices that failed together don't return together; at least what the server asked for.
 */
export function pauseBefore(retry: number, { delay, longest, random }: RetryPolicy, asked = 0): number {
  const backoff = Math.min(delay * 2 ** retry, longest) * (0.5 + random() / 2);
  return Math.min(Math.max(backoff, asked), longest);
}

function askedPause(error: RepositoryError): number {
  const asked = error.details.retryAfter;
  return typeof asked === 'number' ? asked : 0;
}

async function pause(milliseconds: number, name: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw aborted(name, signal);
  }
}
