import { type ErrorOptions, SwupdError } from '@swupd/shared';

const FAILED = { exit: 1, retry: false } as const;

/**
 * Exit codes of `swupd-server`: 0 done, 1 bad input or a failed build (the repository is as it was), 2 usage, 9 another
 * build is running.
 */
export const BUILD_ERRORS = {
  'not-a-repository': { ...FAILED, summary: 'the folder is no repository made by init' },
  'repository-exists': { ...FAILED, summary: 'init was asked to write over something that is there' },
  'bad-repository': { ...FAILED, summary: 'a file of an earlier build is missing or damaged' },
  'stale-change': {
    ...FAILED,
    summary: 'metadata was prepared, and another version of it published meanwhile',
  },
  'bad-prepared': { ...FAILED, summary: 'a file that waits for signatures is malformed' },
  'image-missing': { ...FAILED, summary: 'the image folder, or the folder of a bundle, is not there' },
  'no-os-core': { ...FAILED, summary: 'the image has no bundle os-core' },
  'bad-bundle-name': { ...FAILED, summary: "a folder's name can't be the name of a bundle" },
  'unexpected-file': { ...FAILED, summary: 'the image holds something beside bundles and bundles.toml' },
  'bad-bundles-toml': { ...FAILED, summary: 'bundles.toml is malformed or contradicts the image' },
  'unsupported-file': {
    ...FAILED,
    summary: "the image holds a socket, device or pipe, which can't be delivered",
  },
  'image-changed': { exit: 1, retry: true, summary: 'a file changed while the build was reading it' },
  'version-exists': { ...FAILED, summary: 'the version has been published already' },
  'version-too-low': { ...FAILED, summary: 'the version is below the newest that is published' },
  'work-elsewhere': { ...FAILED, summary: 'the work folder is on another file system than the repository' },
  'repository-problems': { ...FAILED, summary: 'inspect has found problems in the repository' },
  'disk-full': { exit: 1, retry: true, summary: 'there is no space left for the build' },
  'io-failed': { exit: 1, retry: true, summary: 'the operating system refused to read or write a file' },
  'task-failed': { ...FAILED, summary: 'a worker thread ended with an error of its own' },
  'bad-option': { exit: 2, retry: false, summary: 'an option of the command line has a bad value' },
  'build-running': { exit: 9, retry: true, summary: 'another command works on the same repository' },
} as const;

export type BuildErrorCode = keyof typeof BUILD_ERRORS;

/** A build, or the founding of a repository, can't go on. */
export class BuildError extends SwupdError {
  readonly area = 'build';
  declare readonly code: BuildErrorCode;
  constructor(code: BuildErrorCode, message: string, options?: ErrorOptions) {
    super(BUILD_ERRORS, code, message, options);
  }
}

/** `error` in words of this area: what the operating system says gets a code and a hint; the rest stays as it is. */
export function asBuildError(error: unknown): unknown {
  if (error instanceof SwupdError || !(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BuildError('disk-full', `there is no space left: ${error.message}`, {
      cause: error,
      hint: 'Free some space and run the same command again: what is finished is kept.',
    });
  }
  if (code?.startsWith('E') && (error as NodeJS.ErrnoException).syscall !== undefined) {
    return new BuildError('io-failed', error.message, { cause: error, details: { code } });
  }
  return error;
}
