import { type ErrorOptions, SwupdError } from '@swupd/shared';

export const TRUST_ERRORS = {
  'bad-root': {
    exit: 21,
    retry: false,
    summary: 'the trust anchor is no root metadata, or is not signed by its own keys',
  },
  'bad-metadata': { exit: 21, retry: false, summary: 'trust metadata is signed, but malformed' },
  'unsigned-metadata': {
    exit: 21,
    retry: false,
    summary: 'trust metadata is not signed by enough of the keys that speak for its role',
  },
  'metadata-rollback': {
    exit: 21,
    retry: true,
    summary: 'the server offers older trust metadata than the device has seen',
  },
  'metadata-mismatch': {
    exit: 21,
    retry: true,
    summary: 'trust metadata has another length, digest or version than was announced',
  },
  'metadata-missing': { exit: 21, retry: true, summary: 'trust metadata that is announced is not there' },
  'metadata-expired': { exit: 21, retry: true, summary: 'trust metadata has expired' },
  'metadata-limit': {
    exit: 21,
    retry: true,
    summary: 'the chain of roots, or of delegations, is longer than a device follows at once',
  },
  'wrong-product': { exit: 21, retry: false, summary: 'the metadata is of another product' },
  'no-channel': { exit: 21, retry: false, summary: 'the repository offers nothing on the channel' },
  'bad-mom-signature': {
    exit: 4,
    retry: false,
    summary: 'the MoM is not signed by the build keys that the repository names',
  },
  'mom-mismatch': {
    exit: 4,
    retry: true,
    summary: 'the MoM has another digest, size or version than its channel says',
  },
} as const;

/** Something that has to be trusted is not trustworthy. `details.role` names whose metadata it is. */
export class TrustError extends SwupdError {
  readonly area = 'trust';
  constructor(code: keyof typeof TRUST_ERRORS, message: string, options?: ErrorOptions) {
    super(TRUST_ERRORS, code, message, options);
  }
}
