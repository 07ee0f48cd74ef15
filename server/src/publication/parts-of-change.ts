import {
  PRODUCTION,
  type RoleKeys,
  type Root,
  readRoot,
  readTargets,
  type SignedFields,
  type Targets,
} from '@swupd/manifests/trust';
import { BuildError } from '../build-error.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';

/** A part of a change, and who has to sign it: each of the groups of keys, with its threshold. */
export interface ChangePart {
  readonly role: string;
  readonly version: number;
  readonly fields: SignedFields;
  readonly signers: readonly RoleKeys[];
}

/**
 * The parts of a change in the order of trust: root, targets, channels. A root is signed by the keys before it and by its own
 * (TUF 5.3.4); the rest by whom the change itself names. `state` is what is published, undefined for a repository to be founded.
 * @throws TrustError `bad-metadata`; BuildError `bad-prepared` for a channel that nobody delegates to
 */
export function partsOfChange(change: MetadataChange, state: RepositoryState | undefined): ChangePart[] {
  const oldRoot = state?.set.root;
  const root = rootAfter(change, state);
  const delegations = delegationsAfter(change, state);
  const parts: ChangePart[] = [];
  const add = (role: string, fields: SignedFields, signers: readonly RoleKeys[]): void => {
    parts.push({ role, version: Number(fields.version), fields, signers });
  };
  if (change.root !== undefined) {
    add('root', change.root, [...(oldRoot === undefined ? [] : [oldRoot.roles.root]), root.roles.root]);
  }
  if (change.targets !== undefined) add('targets', change.targets, [root.roles.targets]);
  for (const [role, fields] of change.channels) {
    const signers = delegations.get(role);
    if (signers === undefined) throw unknownRole(role);
    add(role, fields, [signers]);
  }
  return parts;
}

/** The root that holds when the change is published. */
export function rootAfter({ root }: MetadataChange, state: RepositoryState | undefined): Root {
  const found = root === undefined ? state?.set.root : rootOf(root);
  if (found === undefined) throw new TypeError('a repository is founded with a root');
  return found;
}

/** Who signs for each delegated role once the change is published. */
function delegationsAfter(change: MetadataChange, state: RepositoryState | undefined): Map<string, RoleKeys> {
  const targets = change.targets === undefined ? state?.set.targets : targetsOf('targets', change.targets);
  const changed = [...change.channels].map(([role, fields]) => targetsOf(role, fields));
  const kept = [...(state?.roles ?? [])].flatMap(([role, page]) => (change.channels.has(role) ? [] : [page]));
  const pages = [...(targets === undefined ? [] : [targets]), ...changed, ...kept];
  return new Map(pages.flatMap((page) => page.delegations.map(({ name, role }) => [name, role] as const)));
}

function rootOf(signed: SignedFields): Root {
  return readRoot({ signed, signatures: [] }, Buffer.alloc(0), PRODUCTION);
}

function targetsOf(role: string, signed: SignedFields): Targets {
  return readTargets({ signed, signatures: [] }, { bytes: Buffer.alloc(0), role, policy: PRODUCTION });
}

function unknownRole(role: string): BuildError {
  return new BuildError(
    'bad-prepared',
    `${role}.json is to be signed, but the repository has no such channel`,
    {
      details: { role },
      hint: `Add the channel first with 'swupd-server channel add', or remove the file of ${role} from what waits.`,
    },
  );
}
