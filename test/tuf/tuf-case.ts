import { CONFORMANCE } from '@swupd/manifests/conformance';
import { type KeyPolicy, PRODUCTION } from '@swupd/manifests/trust';
import { expect, test } from 'vitest';
import { SimClient } from './client/sim-client.ts';
import type { Outcome, TufClient } from './client/tuf-client.ts';
import { RepositorySimulator } from './simulator/repository-simulator.ts';
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
const VARIANTS: readonly Variant[] = [
  { title: 'production', scheme: 'ed25519', policy: PRODUCTION },
  { title: 'conformance', scheme: 'ecdsa-sha2-nistp256', policy: CONFORMANCE },
];

/** One case of the suite as a test for each variant. */
export function tufCase(name: string, run: (world: World<SimClient>) => Promise<void>): void {
  test.each(VARIANTS)(`${name} ($title)`, (variant) => run(simWorld(variant)));
}

/** A case that needs keys which only the conformance policy accepts. */
export function conformanceCase(name: string, run: (world: World<SimClient>) => Promise<void>): void {
  test.each(VARIANTS.slice(1))(`${name} ($title)`, (variant) => run(simWorld(variant)));
}

export function simWorld({ scheme, policy }: Pick<Variant, 'scheme' | 'policy'>): World<SimClient> {
  const repo = new RepositorySimulator({ scheme, now: START });
  const client = new SimClient({ network: repo, policy, now: START });
  return {
    repo,
    client,
    async init() {
      expectOk(await client.init(repo.bytesOf('root', 1) ?? new Uint8Array()));
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
