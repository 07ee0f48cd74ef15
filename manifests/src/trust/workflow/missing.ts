import { TrustError } from '../trust-error.ts';

export function missing(role: string, name: string): TrustError {
  return new TrustError('metadata-missing', `the server does not have ${name}`, {
    details: { role, name },
    hint: 'Check the address of the repository. If it is right, the server is between two states: try again later.',
  });
}
