import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { RepositoryError } from './repository-error.ts';
import { pauseBefore, withRetries } from './retry-policy.ts';

const policy = { maxRetries: 3, delay: 1000, longest: 60_000, random: () => 0.5 };

test.each([
  [0, 0, 0, 500],
  [0, 0.999, 0, 999.5],
  [1, 0, 0, 1000],
  [2, 0.5, 0, 3000],
  [0, 0, 7000, 7000],
  [3, 0, 1000, 4000],
  [50, 0.999, 0, 59_970],
  [0, 0, 3_600_000, 60_000],
])('pause before retry %i, random %d, asked for %i', (retry, random, asked, pause) => {
  expect(pauseBefore(retry, { ...policy, random: () => random }, asked)).toBeCloseTo(pause);
});

describe('withRetries', () => {
  const fast = { ...policy, delay: 0 };
  const broken = new RepositoryError('server-error', 'broken');

  /** Fails as often as said, then succeeds. */
  function failing(times: number, error: unknown) {
    const calls = { count: 0 };
    const attempt = async (): Promise<number> => {
      if (calls.count++ < times) throw error;
      return calls.count;
    };
    return { calls, attempt };
  }

  test.each([0, 1, 3])('%i failures', async (times) => {
    expect(await withRetries(fast, failing(times, broken).attempt, { name: 'x' })).toBe(times + 1);
  });

  test('one failure too many', async () => {
    const { calls, attempt } = failing(4, broken);
    await expect(withRetries(fast, attempt, { name: 'x' })).rejects.toBe(broken);
    expect(calls.count).toBe(4);
  });

  test.each([new RepositoryError('not-found', 'gone'), new Error('ENOSPC')])(
    'no retry after %s',
    async (error) => {
      const { calls, attempt } = failing(1, error);
      await expect(withRetries(fast, attempt, { name: 'x' })).rejects.toBe(error);
      expect(calls.count).toBe(1);
    },
  );

  test('progress forgives failures', async () => {
    const { attempt } = failing(20, broken);
    expect(await withRetries(fast, attempt, { name: 'x', progressed: () => true })).toBe(21);
  });

  test('an abort ends the pause, and leaves no listener', async () => {
    const controller = new AbortController();
    const attempt = async (): Promise<never> => {
      setImmediate(() => controller.abort());
      throw broken;
    };
    const waiting = withRetries({ ...policy, delay: 60_000 }, attempt, {
      name: 'x',
      signal: controller.signal,
    });
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
