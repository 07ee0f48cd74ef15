import { expect, test } from 'vitest';
import { PROOF } from './index.ts';
import { hasLibfiu } from './libfiu.ts';

const COUNT = 24;

test.runIf(hasLibfiu())(
  'calls that fail leave the old or the new system, and a command says which',
  async () => {
    const { tried, broken, figures } = await PROOF.run({ count: COUNT, seed: 1, progress: () => {} });
    expect(broken).toEqual([]);
    expect(tried).toBe(COUNT);
    // Nothing would be proved if the order reached nobody.
    expect(figures['commands that failed']).toBeGreaterThan(0);
  },
  400_000,
);
