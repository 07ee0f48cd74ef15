import { type ErrorOptions, SwupdError } from '@swupd/shared';

const FAILED = { exit: 1, retry: false } as const;

/** Codes of what keys and channels can't do. `swupd-server` ends with 1. */
export const METADATA_ERRORS = {
  'bad-channel-name': { ...FAILED, summary: 'a name that no channel can have' },
  'channel-exists': { ...FAILED, summary: 'a channel is added that exists' },
  'unknown-channel': { ...FAILED, summary: 'the repository has no such channel' },
  'not-offered': { ...FAILED, summary: 'the build is not offered on the channel' },
  'already-offered': { ...FAILED, summary: 'the build is offered on the channel already' },
  'bad-offer': { ...FAILED, summary: 'what an offer says of a build contradicts itself, or is too long' },
  'unknown-role': { ...FAILED, summary: 'keys are asked for a role that a repository does not have' },
  'unknown-key': { ...FAILED, summary: 'no role of the repository has the key, or several keys begin so' },
  'which-key': { ...FAILED, summary: 'a role has several keys, and none is named' },
  'key-in-use': { ...FAILED, summary: 'a key is given to a role that has it, or to two roles' },
  'threshold-unreachable': { ...FAILED, summary: 'too few keys would be left to sign for a role' },
  'nothing-to-renew': {
    ...FAILED,
    summary: 'the repository has no metadata of the role that is to be renewed',
  },
  'bad-metadata-file': { ...FAILED, summary: 'metadata that is published or prepared is malformed' },
} as const;

export type MetadataErrorCode = keyof typeof METADATA_ERRORS;

/** What is asked for does not fit the roles, keys and channels of the repository. */
export class MetadataError extends SwupdError {
  readonly area = 'metadata';
  declare readonly code: MetadataErrorCode;
  constructor(code: MetadataErrorCode, message: string, options?: ErrorOptions) {
    super(METADATA_ERRORS, code, message, options);
  }
}
