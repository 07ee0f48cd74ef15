// 15 cases: what is signed as it should be, and still no metadata.
import { parseEnvelope } from '@swupd/manifests/trust';
import { describe, expect, test } from 'vitest';
import type { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { expectOk, expectRefused, furtherCase, versionsOf } from '../tuf-case.ts';
import { signText } from './loose-json.ts';

describe('an expiry', () => {
  furtherCase('that is no time is no "never"', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.expires = 'next Tuesday';
    repo.publish(['timestamp']);
    expectRefused(await client.refresh(), 'bad-metadata');
  });

  furtherCase('with an offset is refused', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.expires = '2027-02-01T00:00:00+00:00';
    repo.publish(['timestamp']);
    expectRefused(await client.refresh(), 'bad-metadata');
  });

  furtherCase('in the year 9999 is far away', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.expires = '9999-12-31T23:59:59Z';
    repo.publish(['timestamp']);
    expectOk(await client.refresh());
    client.now += 7000 * 365 * 24 * 60 * 60;
    expectRefused(await client.refresh(), 'metadata-expired');
  });
});

describe('a version', () => {
  for (const version of ['0', '-1', '1.5', String(2 ** 53), '"2"']) {
    furtherCase(`of ${version} is none`, async ({ repo, client, init }) => {
      await init();
      publishText(repo, 'timestamp', (text) => text.replace('"version":2', `"version":${version}`));
      expectRefused(await client.refresh(), 'bad-metadata');
      expect(versionsOf(client)).toEqual({ root: 1 });
    });
  }
});

describe('a number', () => {
  furtherCase('with a fraction has no canonical form', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.extra = 7;
    publishText(repo, 'timestamp', (text) => text.replace('"extra":7', '"extra":7.25'));
    expectRefused(await client.refresh(), 'bad-metadata');
  });

  furtherCase('in another spelling is the integer that was signed', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.extra = 70;
    repo.timestamp.version++;
    const bytes = repo.sign('timestamp').toString().replace('"extra":70', '"extra":7.0e1');
    repo.publishBytes('timestamp', Buffer.from(bytes));
    expectOk(await client.refresh());
  });
});

describe('a key twice in an object', () => {
  furtherCase('of the signed part', async ({ repo, client, init }) => {
    await init();
    publishText(repo, 'timestamp', (text) => text.replace('"version":2', '"version":1,"version":2'));
    expectRefused(await client.refresh(), 'bad-metadata');
  });

  furtherCase('of the envelope', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.version++;
    const bytes = repo.sign('timestamp').toString().replace('{"signed":', '{"signed":{"a":"\\":"},"signed":');
    repo.publishBytes('timestamp', Buffer.from(bytes));
    expectRefused(await client.refresh(), 'bad-metadata');
  });
});

describe('a bomb', () => {
  for (const role of ['timestamp', 'root']) {
    furtherCase(`of brackets in ${role}`, async ({ repo, client, init }) => {
      await init();
      const depth = role === 'root' ? 200_000 : 7_000;
      repo.metadataOf(role).extra = 0;
      const bomb = `"extra":${'['.repeat(depth)}${']'.repeat(depth)}`;
      publishText(repo, role, (text) => text.replace('"extra":0', bomb));
      expectRefused(await client.refresh(), 'bad-metadata');
    });
  }

  furtherCase('of one long string is a string', async ({ repo, client, init }) => {
    await init();
    repo.targets.extra = '":'.repeat(500_000);
    repo.publish(['targets', 'snapshot', 'timestamp']);
    // Twice as long in the file, where each quotation mark is escaped: above what a device reads.
    client.obeysLimits = false;
    expectRefused(await client.refresh(), 'metadata-mismatch');
    repo.targets.extra = 'x":'.repeat(240_000);
    repo.publish(['targets', 'snapshot', 'timestamp']);
    client.obeysLimits = true;
    expectOk(await client.refresh());
  });

  test('of a million keys is parsed in the time of its length, or not at all', () => {
    const members = Array.from({ length: 1_000_000 }, (_, index) => `"${index}":0`);
    const text = `{"signatures":[],"signed":{${members.join(',')}}}`;
    const start = performance.now();
    const envelope = parseEnvelope(Buffer.from(text));
    expect(Object.keys(envelope?.signed ?? {})).toHaveLength(1_000_000);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  for (const obeysLimits of [true, false]) {
    const name = `of a million keys is not ${obeysLimits ? 'read' : 'parsed'}, though a length is announced`;
    furtherCase(name, async ({ repo, client, init }) => {
      await init();
      repo.targets.extra = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [index, 0]));
      repo.hashesInMeta = true;
      repo.publish(['targets', 'snapshot', 'timestamp']);
      client.obeysLimits = obeysLimits;
      expectRefused(await client.refresh(), obeysLimits ? 'body-too-long' : 'metadata-mismatch');
    });
  }
});

/** Publishes version 2 of `role`, altered before it was signed. */
function publishText(repo: RepositorySimulator, role: string, change: (text: string) => string): void {
  repo.metadataOf(role).version++;
  repo.publishBytes(role, signText(repo, role, change));
}
