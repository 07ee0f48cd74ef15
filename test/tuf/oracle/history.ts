import type { Random } from '../../fuzz/random.ts';
import type { RepositorySimulator } from '../simulator/repository-simulator.ts';

/** What somebody does to a repository between two visits of a device, in words; what it broke is mended before the next one. */
export interface Deed {
  readonly what: string;
  readonly mend?: () => void;
}

const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
const BELOW_ROOT = ['timestamp', 'snapshot', 'targets'] as const;

/** A random deed, honest or not. The same for the same numbers. */
export function doSomething(repo: RepositorySimulator, random: Random): Deed {
  return random.pick(DEEDS)(repo, random);
}

const DEEDS: readonly ((repo: RepositorySimulator, random: Random) => Deed)[] = [
  (repo) => {
    repo.publishAll();
    return { what: 'publishes everything anew' };
  },
  (repo) => {
    repo.publish(['timestamp']);
    return { what: 'publishes a timestamp' };
  },
  (repo, random) => {
    repo.addArtifact('file', `content ${random.word()}`, 'role');
    repo.publish(['role', 'targets', 'snapshot', 'timestamp']);
    return { what: 'changes the file' };
  },
  (repo) => {
    const [old] = repo.signersOf('root').values();
    repo.rotateKeys('root');
    if (old !== undefined) repo.keepSigner('root', old);
    repo.publish(['root']);
    if (old !== undefined) repo.signersOf('root').delete(old.keyid);
    return { what: 'rotates root' };
  },
  (repo) => {
    const { root } = repo.root.roles;
    const [keyids, threshold, signers] = [root.keyids, root.threshold, new Map(repo.signersOf('root'))];
    repo.rotateKeys('root');
    repo.publish(['root']);
    return {
      what: 'forges a root',
      mend: () => {
        repo.published.get('root')?.delete(repo.root.version--);
        Object.assign(root, { keyids, threshold });
        repo.signers.set('root', signers);
      },
    };
  },
  (repo, random) => {
    const role = random.pick(BELOW_ROOT);
    repo.rotateKeys(role, 1 + random.below(2));
    repo.publishAll();
    return { what: `rotates ${role}` };
  },
  (repo) => {
    repo.rotateKeys('timestamp');
    repo.rotateKeys('snapshot');
    for (const role of ['timestamp', 'snapshot', 'targets', 'role']) repo.rollBack(role);
    repo.publish(['root', 'role', 'targets', 'snapshot', 'timestamp']);
    return { what: 'begins anew with other keys' };
  },
  (repo, random) => {
    const role = random.pick([...BELOW_ROOT, 'role']);
    const { version } = repo.metadataOf(role);
    repo.rollBack(role);
    repo.publish(upFrom(role));
    return {
      what: `goes back with ${role} from ${version}`,
      mend: () => {
        const metadata = repo.metadataOf(role);
        metadata.version = Math.max(metadata.version, version);
        repo.publishAll();
      },
    };
  },
  (repo, random) => {
    const role = random.pick([...BELOW_ROOT, 'role']);
    repo.metadataOf(role).version += 100;
    repo.publish(upFrom(role));
    return { what: `raises ${role} by 100` };
  },
  (repo, random) => {
    const role = random.pick(ROLES);
    const metadata = repo.metadataOf(role);
    const { expires } = metadata;
    metadata.expires = repo.day(-1);
    repo.publishAll();
    metadata.expires = expires;
    return { what: `lets ${role} expire`, mend: () => repo.publishAll() };
  },
  (repo, random) => {
    const role = random.pick([...BELOW_ROOT, 'role']);
    const signers = repo.signersOf(role);
    const [first] = signers.values();
    signers.delete(first?.keyid ?? '');
    repo.publish(upFrom(role));
    return {
      what: `publishes ${role} without a signature`,
      mend: () => {
        if (first !== undefined) repo.keepSigner(role, first);
        repo.publishAll();
      },
    };
  },
  (repo, random) => {
    const role = random.pick([...BELOW_ROOT, 'role']);
    repo.publishAll();
    const all = repo.published.get(role);
    const version = [...(all?.keys() ?? [])].at(-1) ?? 0;
    const bytes = all?.get(version);
    all?.delete(version);
    if (role === 'timestamp') repo.published.delete(role);
    return {
      what: `loses the file of ${role}`,
      mend: () => {
        if (bytes !== undefined) all?.set(version, bytes);
        repo.publishAll();
      },
    };
  },
  (repo) => {
    delete repo.snapshot.meta['role.json'];
    repo.publish(['snapshot', 'timestamp']);
    return { what: 'drops the delegated role from the snapshot', mend: () => repo.publishAll() };
  },
];

/** The role, and all that refer to it. */
function upFrom(role: string): string[] {
  const roles = ['role', 'targets', 'snapshot', 'timestamp'];
  return roles.slice(roles.indexOf(role));
}
