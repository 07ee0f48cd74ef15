import { expect, test } from 'vitest';
import { proveWithFault } from '../../support/planted-fault/prove-with-fault.ts';
import { proveRace } from './prove-race.ts';

const TIMEOUT = 600_000;

test(
  'links that come and go while the client works lead it nowhere',
  async () => {
    const { broken, figures } = await proveRace({ count: 24, seed: 0, progress: () => {} });
    expect(broken).toEqual([]);
    expect(figures.swaps).toBeGreaterThan(2000);
    expect(figures.done).toBeGreaterThan(5);
  },
  TIMEOUT,
);

test(
  'a client that follows links is found',
  async () => {
    const { broken } = await proveWithFault({ proof: 'race', fault: 'link followed', count: 480, seed: 0 });
    expect(broken.map(({ what }) => what).join('\n')).toMatch(/outside/);
  },
  TIMEOUT,
);
