import { checkExpiry, type TrustedSet } from '@swupd/manifests/trust';
import { lifeOf } from '../metadata/role-life.ts';
import type { Inspection } from './inspection.ts';
import type { RoleState } from './role-state.ts';

const DAY = 86_400;
/** Bytes that metadata should not have. */
const LARGE = 4096;

/** Whether the metadata of a role are good for some time yet, by `set.now`, and small; where not, that is among the findings. */
export function checkRole({ findings }: Inspection, state: RoleState, set: TrustedSet): void {
  const { role, name, expires, size } = state;
  if (size > LARGE) findings.add('large-metadata', name, `the file has ${size} bytes, more than ${LARGE}`);
  try {
    checkExpiry(role, expires, set);
  } catch (error) {
    findings.addError(name, error);
    return;
  }
  const signed = role === 'timestamp' ? set.timestamp?.time : undefined;
  const life = signed === undefined ? lifeOf(role) : expires - signed;
  const left = expires - set.now;
  if (left >= life / 2) return;
  const days = `${Math.floor(left / DAY)} days`;
  findings.add('expires-soon', name, `${role} expires in ${days}, past half of its life`, renewal(role));
}

function renewal(role: string): string {
  if (role === 'timestamp' || role === 'snapshot')
    return "Run 'swupd-server timestamp'; a timer should do so.";
  return `Run 'swupd-server release renew' with the keys of ${role}.`;
}
