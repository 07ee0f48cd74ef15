import type { MissingSignatures } from '../publication/sign-part.ts';
import { CeremonyError } from './ceremony-error.ts';

export function signaturesMissing(missing: readonly MissingSignatures[], repository: string): CeremonyError {
  const files = missing.map(({ role, version }) => `${version}.${role}.json`);
  return new CeremonyError('signatures-missing', `too few have signed ${files.join(', ')}`, {
    details: { missing },
    hint: `Have them signed: swupd-server release sign ${repository}.prepared --key KEYFILE`,
  });
}
