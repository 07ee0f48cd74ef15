import { type ErrorOptions, SwupdError } from '@swupd/shared';

const FAILED = { exit: 1, retry: false } as const;

/** What can be wrong with keys and with the commands that stand for them. */
export const KEY_ERRORS = {
  'keys-exist': { ...FAILED, summary: 'a command was asked to write over keys' },
  'keys-missing': { ...FAILED, summary: 'too few keys of a role are where they are looked for' },
  'bad-key': { ...FAILED, summary: 'a key file is malformed, or its key does not belong to the role' },
  'key-exposed': {
    ...FAILED,
    summary: 'other users can read a secret key, or change the command that signs',
  },
  'signer-failed': { exit: 1, retry: true, summary: 'the command of a signer has failed' },
  'bad-signature': { ...FAILED, summary: 'the command of a signer gave no good signature of the role' },
} as const;

export type KeyErrorCode = keyof typeof KEY_ERRORS;

/** Something can't be signed. */
export class KeyError extends SwupdError {
  readonly area = 'keys';
  declare readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(KEY_ERRORS, code, message, options);
  }
}
