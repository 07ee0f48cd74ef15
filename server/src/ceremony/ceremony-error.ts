import { type ErrorOptions, SwupdError } from '@swupd/shared';

const FAILED = { exit: 1, retry: false } as const;

/** What can go wrong where several people sign one change. `swupd-server` ends with 1. */
export const CEREMONY_ERRORS = {
  'nothing-prepared': { ...FAILED, summary: 'nothing waits for signatures there' },
  'key-not-needed': { ...FAILED, summary: 'a key has no part in a file that it is to sign' },
  'wrong-root': {
    ...FAILED,
    summary: 'what is prepared does not belong to the root that the signer knows',
  },
  'signatures-missing': {
    ...FAILED,
    summary: 'a change is to be published that too few have signed',
  },
  'bad-public-key': { ...FAILED, summary: 'a file has no public Ed25519 key' },
  'which-channel': { ...FAILED, summary: 'channels say different things of a build, and none is named' },
  'not-built': {
    ...FAILED,
    summary:
      'a build is to be offered that the repository does not have, or no build key of today has signed',
  },
} as const;

export type CeremonyErrorCode = keyof typeof CEREMONY_ERRORS;

/** A step of a key ceremony can't be done. */
export class CeremonyError extends SwupdError {
  readonly area = 'ceremony';
  declare readonly code: CeremonyErrorCode;
  constructor(code: CeremonyErrorCode, message: string, options?: ErrorOptions) {
    super(CEREMONY_ERRORS, code, message, options);
  }
}
