import { type ErrorOptions, SwupdError } from '@swupd/shared';

export const DEVICE_ERRORS = {
  'not-installed': {
    exit: 20,
    retry: false,
    summary: 'the root has no installed record, so its version is not known',
  },
  'already-installed': { exit: 15, retry: false, summary: 'os-install into a root that has a system' },
  'bad-state': {
    exit: 20,
    retry: false,
    summary: 'a file of the state directory is damaged or of another version',
  },
  'no-trust-anchor': { exit: 21, retry: false, summary: 'there is no trust anchor, neither named nor kept' },
  'no-url': {
    exit: 15,
    retry: false,
    summary: 'there is no address of a repository, neither named nor kept',
  },
  'no-root': { exit: 15, retry: false, summary: 'the root named with --path is no directory' },
  locked: { exit: 9, retry: true, summary: 'another changing command runs on this root' },
  'no-space': { exit: 25, retry: false, summary: 'a file system has too little room for the plan' },
  'content-unavailable': { exit: 17, retry: true, summary: 'every source of a needed blob has failed' },
  'manifest-unavailable': {
    exit: 14,
    retry: true,
    summary: 'a bundle manifest could not be fetched or verified',
  },
  'mom-unavailable': { exit: 4, retry: true, summary: 'the MoM of a build could not be fetched' },
  'bundle-not-installed': { exit: 13, retry: false, summary: 'a bundle is named that is not installed' },
  'bundle-required': { exit: 2, retry: false, summary: 'a bundle is needed by others or by the system' },
  'no-such-version': {
    exit: 15,
    retry: false,
    summary: 'a version is asked for that is not offered, or lies below the installed one',
  },
  'no-way': {
    exit: 42,
    retry: false,
    summary: 'the offered build has to be reached by way of builds that are not offered',
  },
  'nothing-kept': {
    exit: 15,
    retry: false,
    summary: 'a rollback to a version of which nothing is kept on the device',
  },
  'apply-failed': {
    exit: 10,
    retry: false,
    summary: 'a change to the root failed, and everything has been taken back',
  },
  'hook-failed': {
    exit: 28,
    retry: false,
    summary: 'a pre-update hook has failed; nothing has been changed',
  },
  'hook-failed-after': {
    exit: 41,
    retry: false,
    summary: 'the command has done its work, and a hook after it has failed',
  },
  'read-back-failed': {
    exit: 40,
    retry: false,
    summary: 'the disk does not give back what was written to it; nothing has been changed',
  },
  unfinished: {
    exit: 39,
    retry: true,
    summary: 'changes could be neither finished nor taken back, or not be cleared up; swupd recover goes on',
  },
  'not-permitted': {
    exit: 32,
    retry: false,
    summary: 'this user may not change the root or the state directory',
  },
  'nothing-matches': { exit: 26, retry: false, summary: 'a path is named that is in no manifest' },
  usage: { exit: 15, retry: false, summary: 'options or arguments that do not fit' },
} as const;

/** The device is not as a command needs it, or can't be changed. */
export class DeviceError extends SwupdError {
  readonly area = 'device';
  constructor(code: keyof typeof DEVICE_ERRORS, message: string, options?: ErrorOptions) {
    super(DEVICE_ERRORS, code, message, options);
  }
}
