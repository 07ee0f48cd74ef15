// Beside cases H: further root chains of Sigstore, signed by real people with real keys, each walked on a day when it was current.
import { readFileSync } from 'node:fs';
import { CONFORMANCE } from '@swupd/manifests/conformance';
import { formatTime, parseTime } from '@swupd/manifests/trust';
import { describe, expect, test } from 'vitest';
import { SimClient } from '../client/sim-client.ts';
import { expectRefused, versionsOf } from '../tuf-case.ts';

/** First and last root, and a day before the last one expired. */
const CHAINS = [
  [7, 10, '2025-01-01T00:00:00Z'],
  [12, 16, '2026-11-01T00:00:00Z'],
] as const;

describe('sigstore-root-signing', () => {
  test.each(CHAINS)('roots %i to %i', async (first, last, day) => {
    const client = clientFrom(first, day);
    await client.init(rootFile(first) ?? Buffer.alloc(0));
    expectRefused(await client.refresh(), 'metadata-missing');
    expect(versionsOf(client)).toEqual({ root: last });
    expect(client.trusted().get('root')).toEqual(rootFile(last));
    const names = client.requests.flatMap((request) => (request.kind === 'fetch' ? [request.name] : []));
    expect(names.at(-2)).toBe(`${last + 1}.root.json`);
    expect(names.at(-1)).toBe('timestamp.json');
  });

  test.each(CHAINS)('roots %i to %i, a day after the last one expired', async (first, last) => {
    const { signed } = JSON.parse(rootFile(last)?.toString() ?? '') as { signed: { expires: string } };
    const expires = parseTime(signed.expires) ?? Number.NaN;
    const client = clientFrom(first, formatTime(expires));
    await client.init(rootFile(first) ?? Buffer.alloc(0));
    expectRefused(await client.refresh(), 'metadata-expired');
    expect(versionsOf(client)).toEqual({ root: last });
  });

  test('a gap in the chain is a gap', async () => {
    const client = clientFrom(10, '2025-01-01T00:00:00Z', (version) => (version === 11 ? 12 : version));
    await client.init(rootFile(10) ?? Buffer.alloc(0));
    expectRefused(await client.refresh(), 'metadata-mismatch', 'unsigned-metadata');
    expect(versionsOf(client)).toEqual({ root: 10 });
  });
});

function clientFrom(first: number, day: string, served = (version: number): number => version): SimClient {
  return new SimClient({
    policy: CONFORMANCE,
    now: parseTime(day) ?? Number.NaN,
    network: {
      fetchMetadata(name) {
        const version = Number(/^(\d+)\.root\.json$/.exec(name)?.[1]);
        return version > first ? rootFile(served(version)) : undefined;
      },
      fetchArtifact: () => undefined,
    },
  });
}

function rootFile(version: number): Buffer | undefined {
  try {
    return readFileSync(new URL(`../vectors/sigstore/${version}.root.json`, import.meta.url));
  } catch {
    return undefined;
  }
}
