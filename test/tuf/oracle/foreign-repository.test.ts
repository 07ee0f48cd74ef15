// The other way round: our client takes what the models of tuf-js write.
import { CONFORMANCE } from '@swupd/manifests/conformance';
import { describe, expect, test } from 'vitest';
import { SimClient } from '../client/sim-client.ts';
import { expectOk, expectRefused, START } from '../tuf-case.ts';
import { ForeignRepository } from './foreign-repository.ts';

const ARTIFACTS: Readonly<Record<string, Buffer>> = {
  'read.txt': Buffer.from('named by a pattern'),
  'folder/x': Buffer.from('named by another'),
  'bin/tool': Buffer.from('named by the hash of its path'),
};

describe.each([true, false])('consistent_snapshot: %s', (consistentSnapshot) => {
  const { files } = new ForeignRepository({ expires: '2027-02-01T00:00:00Z', consistentSnapshot }, ARTIFACTS);

  test('every artifact is found by the role that may name it', async () => {
    const asked: string[] = [];
    const client = new SimClient({
      policy: CONFORMANCE,
      now: START,
      network: {
        fetchMetadata(name) {
          asked.push(name);
          return files.get(name);
        },
        fetchArtifact: (name) => ARTIFACTS[consistentSnapshot ? name.replace(/[0-9a-f]{64}\./, '') : name],
      },
    });
    await client.init(files.get('1.root.json') ?? Buffer.alloc(0));
    expectOk(await client.download(...Object.keys(ARTIFACTS)));
    expect(Object.fromEntries(client.artifacts())).toEqual(ARTIFACTS);
    expect(asked).toEqual(
      consistentSnapshot
        ? [
            '2.root.json',
            'timestamp.json',
            '1.snapshot.json',
            '1.targets.json',
            '1.named.json',
            '1.bins.json',
          ]
        : ['2.root.json', 'timestamp.json', 'snapshot.json', 'targets.json', 'named.json', 'bins.json'],
    );
    expectRefused(await client.download('folder/xy'), 'unknown-target');
    client.now = START + 30 * 24 * 60 * 60;
    expectRefused(await client.refresh(), 'metadata-expired');
  });
});
