import { CONFORMANCE } from '@swupd/manifests/conformance';
import { type KeyPolicy, PRODUCTION } from '@swupd/manifests/trust';
import { expect, test } from 'vitest';
import { CommandClient } from './client/command-client.ts';
import { SimClient } from './client/sim-client.ts';
import type { Outcome, TufClient } from './client/tuf-client.ts';
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
  readonly scheme: SimScheme;
  readonly policy: KeyPolicy;
}

/** Every case runs with what devices accept, and with what the public suite signs with. */
const IN_PROCESS: readonly Variant[] = [
  { title: 'production', scheme: 'ed25519', policy: PRODUCTION },
  { title: 'conformance', scheme: 'ecdsa-sha2-nistp256', policy: CONFORMANCE },
];

/** The cases drive the conformance command instead, one process for each step; `pnpm conformance` does this. */
const DRIVES_COMMAND = process.env.SWUPD_TUF_CLIENT === 'command';

/** One case of the public suite, as a test for each variant. */
export function tufCase(name: string, run: (world: World) => Promise<void>): void {
  if (DRIVES_COMMAND) test(`${name} (command)`, () => inCommandWorld(run));
  else test.each(IN_PROCESS)(`${name} ($title)`, (variant) => run(simWorld(variant)));
}

/** A case that needs keys which only the conformance policy accepts. */
export function conformanceCase(name: string, run: (world: World) => Promise<void>): void {
  if (DRIVES_COMMAND) test(`${name} (command)`, () => inCommandWorld(run));
  else test.each(IN_PROCESS.slice(1))(`${name} ($title)`, (variant) => run(simWorld(variant)));
}

/** A case beyond the public suite, that looks inside the client. */
export function furtherCase(name: string, run: (world: World<SimClient>) => Promise<void>): void {
  test.skipIf(DRIVES_COMMAND)(name, () => run(simWorld()));
}

export function simWorld({ scheme, policy }: Omit<Variant, 'title'> = PRODUCTION_VARIANT): World<SimClient> {
  const repo = new RepositorySimulator({ scheme, now: START });
  return worldOf(repo, new SimClient({ network: repo, policy, now: START }));
}

const PRODUCTION_VARIANT = { scheme: 'ed25519', policy: PRODUCTION } as const;

async function inCommandWorld(run: (world: World) => Promise<void>): Promise<void> {
  const repo = new RepositorySimulator({ scheme: 'ecdsa-sha2-nistp256', now: START });
  await using client = new CommandClient({ server: await serveSimulator(repo), now: START });
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

/** One of `codes` is the reason. */
export function expectRefused(outcome: Outcome, ...codes: readonly string[]): void {
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
