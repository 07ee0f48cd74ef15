import { expect, test } from 'vitest';
import { proveWithFault } from '../../support/planted-fault/prove-with-fault.ts';

/** Some seconds each, unless the machine is busy. */
const TIMEOUT = 600_000;

test.each([
  ['size unchecked', ['endless'], /takes \d+ bytes of (?:packs|blobs|deltas)/],
  ['limit unchecked', ['endless'], /takes \d+ bytes of (?:metadata|releases|documents)/],
  ['link followed', ['status'], /outside: |missing/],
  ['resume without If-Range', ['changed tag', 'stall', 'cut'], /without If-Range/],
] as const)(
  'a client with the fault "%s" is found',
  async (fault, focus, complaint) => {
    const { broken } = await proveWithFault({ proof: 'hostile', fault, focus, count: 480, seed: 1 });
    expect(broken.map(({ what }) => what).join('\n')).toMatch(complaint);
    expect(broken[0]?.again).toMatch(/^pnpm prove hostile --seed \d+ --count 1$/);
  },
  TIMEOUT,
);
