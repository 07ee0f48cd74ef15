// 6 cases: more than a device reads, or fewer, or too many steps. With a shell that reads on, the workflow refuses by itself.
import { LIMITS } from '@swupd/shared';
import { describe, expect } from 'vitest';
import type { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { expectOk, expectRefused, furtherCase, versionsOf } from '../tuf-case.ts';

const BOUNDS = { root: LIMITS.rootFile, timestamp: LIMITS.timestampFile };

for (const [role, limit] of Object.entries(BOUNDS)) {
  describe(`a ${role} with blanks behind it`, () => {
    furtherCase('is accepted up to the limit', async ({ repo, client, init }) => {
      await init();
      publishPadded(repo, role, limit);
      expectOk(await client.refresh());
      expect(versionsOf(client)[role]).toBe(2);
    });

    for (const obeysLimits of [true, false]) {
      furtherCase(obeysLimits ? 'is not read further' : 'is not parsed', async ({ repo, client, init }) => {
        await init();
        client.obeysLimits = obeysLimits;
        publishPadded(repo, role, limit + 1);
        expectRefused(await client.refresh(), obeysLimits ? 'body-too-long' : 'metadata-mismatch');
        expect(versionsOf(client)[role]).not.toBe(2);
      });
    }
  });
}

describe('a target', () => {
  for (const [name, served] of [
    ['longer', 'content and more'],
    ['shorter', 'cont'],
  ] as const) {
    furtherCase(`that is ${name} than its role says`, async ({ repo, client, init }) => {
      await init();
      repo.addArtifact('file', 'content');
      repo.publish(['targets', 'snapshot', 'timestamp']);
      repo.artifacts.set('file', Buffer.from(served));
      expectRefused(await client.download('file'), 'target-mismatch');
      expect(client.artifacts()).toEqual(new Map());
    });
  }
});

describe('a chain of roots', () => {
  furtherCase(`of ${LIMITS.rootSteps} steps is walked`, async ({ repo, client, init }) => {
    await init();
    publishRoots(repo, LIMITS.rootSteps);
    expectOk(await client.refresh());
    expect(versionsOf(client)).toMatchObject({ root: LIMITS.rootSteps + 1 });
  });

  furtherCase(
    'of one more is too long for one run, and goes on in the next',
    async ({ repo, client, init }) => {
      await init();
      publishRoots(repo, LIMITS.rootSteps + 1);
      expectRefused(await client.refresh(), 'metadata-limit');
      expect(versionsOf(client)).toEqual({ root: LIMITS.rootSteps + 1 });
      expectOk(await client.refresh());
      expect(versionsOf(client)).toMatchObject({ root: LIMITS.rootSteps + 2 });
    },
  );
});

describe('a chain of delegations', () => {
  for (const [count, found] of [
    [LIMITS.delegatedRoles, true],
    [LIMITS.delegatedRoles + 1, false],
  ] as const) {
    furtherCase(`of ${count} roles is ${found ? 'followed' : 'not followed to the end'}`, async (world) => {
      const { repo, client, init } = world;
      await init();
      for (let depth = 1; depth <= count; depth++)
        repo.addDelegation(depth === 1 ? 'targets' : `role ${depth - 1}`, { name: `role ${depth}` });
      repo.addArtifact('file', 'content', `role ${count}`);
      repo.publishAll();
      const outcome = await client.download('file');
      if (found) expectOk(outcome);
      else expectRefused(outcome, 'metadata-limit');
      expect([...client.trusted().keys()].filter((role) => role.startsWith('role'))).toHaveLength(
        LIMITS.delegatedRoles,
      );
    });
  }
});

function publishPadded(repo: RepositorySimulator, role: string, length: number): void {
  repo.metadataOf(role).version++;
  const bytes = Buffer.alloc(length, ' ');
  repo.sign(role).copy(bytes);
  repo.publishBytes(role, bytes);
}

function publishRoots(repo: RepositorySimulator, count: number): void {
  for (let step = 0; step < count; step++) repo.publish(['root']);
}
