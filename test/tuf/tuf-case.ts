import { CONFORMANCE } from '@swupd/manifests/conformance';
import { PRODUCTION } from '@swupd/manifests/trust';
import { expect, test } from 'vitest';
import { CommandClient } from './client/command-client.ts';
import { SimClient } from './client/sim-client.ts';
import type { Outcome, TufClient } from './client/tuf-client.ts';
import { TufJsClient } from './oracle/tuf-js-client.ts';
import { RepositorySimulator } from './simulator/repository-simulator.ts';
import { serveSimulator } from './simulator/serve-simulator.ts';
import type { SimScheme } from './simulator/sim-signer.ts';

/** When all cases begin: 2027-01-15T08:00:00Z. */
export const START = 1_800_000_000;

/** A repository, and a client that has seen nothing of it. */
export interface World<C extends TufClient = TufClient> {
  readonly repo: RepositorySimulator;
  readonly client: C;
  /** The client trusts root 1. */
  init(): Promise<void>;
}

interface Variant {
  readonly title: string;
  /** Of the repository's keys. */
  readonly scheme: SimScheme;
  open(repo: RepositorySimulator): Promise<TufClient>;
}

const production: Variant = {
  title: 'production',
  scheme: 'ed25519',
  open: async (network) => new SimClient({ network, policy: PRODUCTION, now: START }),
};

const conformance: Variant = {
  title: 'conformance',
  scheme: 'ecdsa-sha2-nistp256',
  open: async (network) => new SimClient({ network, policy: CONFORMANCE, now: START }),
};

/** The client of others: it shows that the cases themselves are right. */
const tufJs: Variant = {
  title: 'tuf-js',
  scheme: 'ecdsa-sha2-nistp256',
  open: async (network) => new TufJsClient({ network, now: START }),
};

/** One process for each step, with ours on the command line; `pnpm conformance` does this. */
const command: Variant = {
  title: 'command',
  scheme: 'ecdsa-sha2-nistp256',
  open: async (repo) => new CommandClient({ server: await serveSimulator(repo), now: START }),
};

const DRIVES_COMMAND = process.env.SWUPD_TUF_CLIENT === 'command';

/** One case of the public suite: with what devices accept, with what the suite signs with, and against another client. */
export function tufCase(name: string, run: (world: World) => Promise<void>): void {
  const variants = DRIVES_COMMAND ? [command] : [production, conformance, tufJs];
  test.each(variants)(`${name} ($title)`, (variant) => inWorld(variant, run));
}

/** A case that needs keys which devices don't accept. */
export function conformanceCase(name: string, run: (world: World) => Promise<void>): void {
  const variants = DRIVES_COMMAND ? [command] : [conformance, tufJs];
  test.each(variants)(`${name} ($title)`, (variant) => inWorld(variant, run));
}

/** A case beyond the public suite, that looks inside the client. */
export function furtherCase(name: string, run: (world: World<SimClient>) => Promise<void>): void {
  test.skipIf(DRIVES_COMMAND)(name, () => {
    const repo = new RepositorySimulator({ scheme: 'ed25519', now: START });
    return run(worldOf(repo, new SimClient({ network: repo, policy: PRODUCTION, now: START })));
  });
}

async function inWorld(variant: Variant, run: (world: World) => Promise<void>): Promise<void> {
  const repo = new RepositorySimulator({ scheme: variant.scheme, now: START });
  await using client = await variant.open(repo);
  await run(worldOf(repo, client));
}

function worldOf<C extends TufClient>(repo: RepositorySimulator, client: C): World<C> {
  return {
    repo,
    client,
    async init() {
      expectOk(await client.init(repo.bytesOf('root', 1) ?? Buffer.alloc(0)));
    },
  };
}

export function expectOk(outcome: Outcome): void {
  expect(outcome).toEqual({ ok: true });
}

/** One of `codes` is the reason, where the client tells one. */
export function expectRefused(outcome: Outcome, ...codes: readonly string[]): void {
  if (!outcome.ok && outcome.code === undefined) return;
  expect(outcome.ok ? 'accepted' : codes.includes(outcome.code ?? '') ? 'refused' : outcome.code).toBe(
    'refused',
  );
}

/** Versions of what the client trusts, by role; without roles that it has nothing of. */
export function versionsOf(client: TufClient): Record<string, number> {
  const found = [...client.trusted()].map(([role, bytes]): [string, number] => {
    const { signed } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { signed: { version: number } };
    return [role, signed.version];
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
