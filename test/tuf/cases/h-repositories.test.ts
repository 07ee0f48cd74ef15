// Cases H: two whole repositories that other programs have made, each on a day when it was current.
import { readFileSync } from 'node:fs';
import { CONFORMANCE } from '@swupd/manifests/conformance';
import { parseTime } from '@swupd/manifests/trust';
import { expect, test } from 'vitest';
import { SimClient } from '../client/sim-client.ts';
import { versionsOf } from '../tuf-case.ts';

test.each([
  {
    folder: 'sigstore-root-signing',
    day: '2025-02-09T12:02:08Z',
    path: 'trusted_root.json',
    versions: { root: 12, timestamp: 0, snapshot: 159, targets: 11 },
  },
  {
    folder: 'tuf-on-ci-0.11',
    day: '2025-02-09T09:17:23Z',
    path: 'delegatedrole/artifact',
    versions: { root: 1, timestamp: 0, snapshot: 2, targets: 1, delegatedrole: 2 },
  },
])('$folder', async ({ folder, day, path, versions }) => {
  const file = (name: string): Buffer | undefined => {
    try {
      return readFileSync(new URL(`../vectors/${folder}/${name}`, import.meta.url));
    } catch {
      return undefined;
    }
  };
  const client = new SimClient({
    policy: CONFORMANCE,
    now: parseTime(day) ?? Number.NaN,
    network: {
      fetchMetadata: (name) => file(`metadata/${name}`),
      fetchArtifact: (name) => file(`targets/${name}`),
    },
  });
  await client.init(file('initial_root.json') ?? Buffer.alloc(0));
  expect(await client.refresh()).toEqual({ ok: true });
  expect(await client.download(path)).toEqual({ ok: true });
  expect(versionsOf(client)).toMatchObject({ ...versions, timestamp: expect.any(Number) });
});
