import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { keyIdOf } from '@swupd/manifests/trust';
import { syncFolder } from '@swupd/shared/io';
import type { KeyRing } from '../keys/key-ring.ts';
import { KEY_ROLES } from '../keys/key-role.ts';
import { groupOf } from '../metadata/key-roles.ts';
import type { Policy } from '../metadata/policy.ts';

/**
 * Moves the files of keys that spoke for a role `before` and speak for none `after` into the folder `retired` beside them: they may be
 * asked for again, but sign nothing more. Gives their new paths.
 */
export function retireKeys(ring: KeyRing, before: Policy, after: Policy): string[] {
  const kept = idsOf(after);
  const gone = new Set([...idsOf(before)].filter((id) => !kept.has(id)));
  return ring.secrets
    .filter(({ keyId }) => gone.has(keyId))
    .map(({ path }) => {
      const folder = join(dirname(path), 'retired');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const to = join(folder, basename(path));
      renameSync(path, to);
      const publicFile = path.replace(/\.key$/, '.pub');
      if (existsSync(publicFile)) renameSync(publicFile, to.replace(/\.key$/, '.pub'));
      syncFolder(folder);
      syncFolder(dirname(path));
      return to;
    });
}

function idsOf(policy: Policy): Set<string> {
  return new Set(KEY_ROLES.flatMap((role) => groupOf(policy, role).keys.map(keyIdOf)));
}
