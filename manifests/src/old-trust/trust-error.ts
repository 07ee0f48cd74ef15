import { type ErrorOptions, SwupdError } from '@swupd/shared';

export const TRUST_ERRORS = {
  'bad-root': {
    exit: 21,
    retry: false,
    summary: 'the trust anchor is no root metadata, or is not signed by its own keys',
  },
  'bad-pointer': {
    exit: 21,
    retry: false,
    summary: 'timestamp.json is malformed or not signed by the keys that the root names',
  },
  'pointer-rollback': {
    exit: 21,
    retry: true,
    summary: 'the server offers an older timestamp.json than the device has seen',
  },
  'metadata-expired': { exit: 21, retry: true, summary: 'timestamp.json or the root has expired' },
  'bad-mom-signature': {
    exit: 4,
    retry: false,
    summary: 'the MoM is not signed by the keys that the root names',
  },
  'mom-mismatch': {
    exit: 4,
    retry: true,
    summary: 'the MoM has another digest, size or version than timestamp.json says',
  },
} as const;

/** Something that has to be trusted is not trustworthy. */
export class TrustError extends SwupdError {
  readonly area = 'trust';
  constructor(code: keyof typeof TRUST_ERRORS, message: string, options?: ErrorOptions) {
    super(TRUST_ERRORS, code, message, options);
  }
}
