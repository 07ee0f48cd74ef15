import { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { START } from '../tuf-case.ts';
import {
  DRAFT_ROLES,
  type DraftObject,
  type DraftRepository,
  type DraftRole,
  type DraftSigners,
  isObject,
} from './draft.ts';

/** A repository with a root of two keys, one delegation and the fields that only we know. */
export interface FoundRepository {
  /** The files of the first generation. */
  readonly first: Readonly<Record<DraftRole, Buffer>>;
  /** What is to be signed of the second. */
  readonly second: Readonly<Record<DraftRole, DraftObject>>;
  readonly signers: DraftSigners;
}

export const ROLES = DRAFT_ROLES;

export function foundRepository(): FoundRepository {
  const repo = new RepositorySimulator({ scheme: 'ed25519', now: START });
  repo.root.product = 'a product';
  repo.timestamp.product = 'a product';
  repo.timestamp.time = repo.day(0);
  repo.rotateKeys('root', 2);
  repo.addDelegation('targets', { name: 'role', paths: ['f*', 'g?'] });
  repo.addArtifact('file', 'content', 'role');
  repo.addArtifact('other', 'content');
  for (const role of ROLES) repo.rollBack(role);
  repo.publishAll();
  const first = byRole((role) => repo.bytesOf(role) ?? Buffer.alloc(0));
  repo.publishAll();
  const second = byRole((role) => structuredClone(repo.metadataOf(role)) as unknown as DraftObject);
  return { first, second, signers: byRole((role) => [...repo.signersOf(role).values()]) };
}

/** A copy of the second generation, to be changed. With `hashes`, what is one level down is listed with length and hash. */
export function secondGeneration(
  { second }: FoundRepository,
  { hashes }: { readonly hashes: boolean },
): DraftRepository {
  const signed = structuredClone(second);
  if (hashes) {
    for (const role of ['timestamp', 'snapshot'] as const) {
      const { meta } = signed[role];
      // Zero stands for the length and the hash that the file will have.
      for (const entry of isObject(meta) ? Object.values(meta) : []) if (isObject(entry)) entry.length = 0;
    }
  }
  return { signed, hashes };
}

function byRole<T>(make: (role: DraftRole) => T): Record<DraftRole, T> {
  return {
    role: make('role'),
    targets: make('targets'),
    snapshot: make('snapshot'),
    timestamp: make('timestamp'),
    root: make('root'),
  };
}
