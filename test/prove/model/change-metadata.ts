import type { Xattr } from '@swupd/manifests';
import type { NodeMetadata } from '../../../client/src/disk/index.ts';
import type { Metadata, ModelNode } from './node.ts';

const SETUID = 0o4000;
const SETGID = 0o2000;
const GROUP_EXECUTES = 0o010;
/** Removed by chown(2), as the setuid bit is. */
const CAPABILITY = 'security.capability';

/** What each system call of `Directory.setMetadata` leaves, in their order: a cut may come between any two. */
export function metadataSteps(node: ModelNode, wanted: NodeMetadata, withXattrs: boolean): Metadata[] {
  const steps: Metadata[] = [];
  let current: Metadata = metadataOf(node);
  const step = (change: Partial<Metadata>): void => {
    current = { ...current, ...change };
    steps.push(current);
  };
  const { uid, gid, mode } = wanted;
  if (wanted.type === 'symlink') {
    step(owned(node, uid, gid));
    return steps;
  }
  const isOwned = current.uid === uid && current.gid === gid;
  if (!isOwned) step(owned(node, uid, gid));
  if (!isOwned || current.mode !== mode) step({ mode });
  if (withXattrs) for (const xattrs of xattrSteps(current.xattrs, wanted.xattrs)) step({ xattrs });
  return steps;
}

export function metadataOf({ mode, uid, gid, xattrs }: Metadata): Metadata {
  return { mode, uid, gid, xattrs };
}

function owned({ type, mode, xattrs }: ModelNode, uid: number, gid: number): Partial<Metadata> {
  if (type !== 'file') return { uid, gid };
  const cleared = SETUID | (mode & GROUP_EXECUTES ? SETGID : 0);
  return { uid, gid, mode: mode & ~cleared, xattrs: xattrs.filter(({ name }) => name !== CAPABILITY) };
}

function xattrSteps(present: readonly Xattr[], wanted: readonly Xattr[]): Xattr[][] {
  const steps: Xattr[][] = [];
  let current = [...present];
  for (const { name } of present) {
    if (wanted.some((one) => one.name === name)) continue;
    current = current.filter((one) => one.name !== name);
    steps.push(current);
  }
  for (const one of wanted) {
    current = [...current.filter(({ name }) => name !== one.name), one].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    steps.push(current);
  }
  return steps;
}
