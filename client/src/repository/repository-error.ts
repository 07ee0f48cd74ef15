import { type ErrorOptions, SwupdError } from '@swupd/shared';

export const REPOSITORY_ERRORS = {
  'server-unreachable': { exit: 16, retry: true, summary: 'no answer from the repository' },
  'server-error': { exit: 16, retry: true, summary: 'the server is overloaded or broken (408, 429, 5xx)' },
  'not-found': { exit: 17, retry: false, summary: 'the repository does not have the file' },
  'access-refused': {
    exit: 17,
    retry: false,
    summary: 'the repository does not let this device read the file',
  },
  'tls-failed': { exit: 24, retry: false, summary: 'no trusted TLS connection to the repository' },
  'bad-ca-file': { exit: 24, retry: false, summary: 'the file of additional CA certificates is unusable' },
  'insecure-url': { exit: 15, retry: false, summary: 'a plain http: URL of another machine' },
  'bad-url': { exit: 15, retry: false, summary: 'not a URL that a repository can be reached by' },
  'redirect-refused': {
    exit: 17,
    retry: false,
    summary: 'a redirect to a less safe place, or too many redirects',
  },
  'unexpected-answer': { exit: 17, retry: true, summary: 'the server answers against the rules of HTTP' },
  unreadable: { exit: 17, retry: false, summary: 'a file of a repository on this machine cannot be read' },
  'body-too-long': { exit: 17, retry: false, summary: 'a file has more bytes than is announced or allowed' },
  'body-too-short': { exit: 17, retry: true, summary: 'a file has fewer bytes than is announced' },
  truncated: {
    exit: 17,
    retry: false,
    summary: 'the repository itself has fewer bytes of a file than announced',
  },
  'range-refused': {
    exit: 17,
    retry: false,
    summary: 'the server does not give the part of a file that was asked for',
  },
  'digest-mismatch': {
    exit: 17,
    retry: true,
    summary: 'a downloaded file has another digest than announced',
  },
  'too-slow': { exit: 17, retry: true, summary: 'a transfer stands still' },
  aborted: { exit: 130, retry: false, summary: 'a transfer was stopped on request' },
} as const;

export type RepositoryErrorCode = keyof typeof REPOSITORY_ERRORS;

/** A file of the repository could not be had. `details.name` says which one. */
export class RepositoryError extends SwupdError {
  readonly area = 'repository';
  declare readonly code: RepositoryErrorCode;
  constructor(code: RepositoryErrorCode, message: string, options?: ErrorOptions) {
    super(REPOSITORY_ERRORS, code, message, options);
  }
}

export function hasCode(error: unknown, ...codes: readonly RepositoryErrorCode[]): error is RepositoryError {
  return error instanceof RepositoryError && codes.includes(error.code);
}

export function aborted(name: string, signal?: AbortSignal): RepositoryError {
  return new RepositoryError('aborted', `The download of ${name} was stopped.`, {
    details: { name },
    cause: signal?.reason,
  });
}

export function tooLong(name: string, limit: number): RepositoryError {
  return new RepositoryError('body-too-long', `${name} has more than ${limit} bytes.`, {
    details: { name, limit },
    hint: 'Try again later, or from another mirror.',
  });
}

/** Of all that has come, `lost` bytes were of no use, because the object was another one each time. */
export function sentAgain(name: string, lost: number): RepositoryError {
  return new RepositoryError(
    'body-too-long',
    `${name} begins anew again and again: ${lost} bytes for nothing.`,
    {
      details: { name, lost },
      hint: 'Try again later, or from another mirror.',
    },
  );
}

export function tooShort(name: string, length: number, size: number): RepositoryError {
  return new RepositoryError('body-too-short', `${name} ends after ${length} of ${size} bytes.`, {
    details: { name, length, size },
    hint: 'Try again later, or from another mirror.',
  });
}

/** Unlike `tooShort`, which a broken connection may be the reason of: the repository says itself that there is no more. */
export function truncated(name: string, length: number | undefined, size: number): RepositoryError {
  const what = length === undefined ? 'fewer' : `${length}`;
  return new RepositoryError('truncated', `${name} has ${what} bytes in the repository, not ${size}.`, {
    details: { name, size, ...(length === undefined ? {} : { length }) },
    hint: 'Try again later, or from another mirror.',
  });
}

/** @throws RepositoryError `truncated`, `body-too-long`, where the object is known to have another size than it should */
export function checkSize(name: string, found: number | undefined, size: number | undefined): void {
  if (found === undefined || size === undefined || found === size) return;
  throw found < size ? truncated(name, found, size) : tooLong(name, size);
}

export function rangeRefused(name: string, what: string): RepositoryError {
  return new RepositoryError('range-refused', `The answer for a part of ${name} ${what}.`, {
    details: { name },
    hint: 'The server, or a proxy before it, does not support ranges.',
  });
}
