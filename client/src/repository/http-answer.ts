import { strongEtag } from './entity-tag.ts';
import { RepositoryError, type RepositoryErrorCode } from './repository-error.ts';

/** The head of an answer; all of it is the server's text. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What was asked for. */
export interface AskedRange {
  readonly name: string;
  readonly offset: number;
  readonly etag: string | undefined;
}

export type Answer =
  | { readonly kind: 'body'; readonly offset: number; readonly etag: string | undefined }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The object ends before the offset asked for: it is another one than the one that was begun. */
  | { readonly kind: 'no-such-range' };

/**
 * What an answer means for the request (RFC 9110, sections 14 and 15).
 * @throws RepositoryError `not-found`, `access-refused`, `server-error`, `unexpected-answer`
 */
export function judgeAnswer(head: AnswerHead, asked: AskedRange): Answer {
  const { status } = head;
  if (status === 200 || status === 206) {
    const coding = headerOf(head, 'content-encoding');
    if (coding !== undefined && coding !== 'identity')
      throw unexpected(head, asked, `is encoded as ${coding}`);
    const etag = strongEtag(headerOf(head, 'etag'));
    if (status === 200) return { kind: 'body', offset: 0, etag };
    checkPart(head, asked, etag);
    return { kind: 'body', offset: asked.offset, etag };
  }
  if (status === 416 && asked.offset > 0) return { kind: 'no-such-range' };
  const location = headerOf(head, 'location');
  if ([301, 302, 303, 307, 308].includes(status) && location !== undefined)
    return { kind: 'redirect', location };
  throw failure(head, asked);
}

function checkPart(head: AnswerHead, asked: AskedRange, etag: string | undefined): void {
  if (asked.offset === 0) throw unexpected(head, asked, 'is a part, though the whole was asked for');
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headerOf(head, 'content-range') ?? '');
  if (range === null) throw unexpected(head, asked, 'is a part without saying which');
  const [first, last] = [Number(range[1]), Number(range[2])];
  if (first !== asked.offset || last < first || (range[3] !== '*' && last !== Number(range[3]) - 1)) {
    throw unexpected(head, asked, `is the part ${range[0]}, not the one asked for`);
  }
  const length = headerOf(head, 'content-length');
  if (length !== undefined && Number(length) !== last - first + 1) {
    throw unexpected(head, asked, `says ${range[0]} but has ${length} bytes`);
  }
  if (asked.etag !== undefined && etag !== undefined && etag !== asked.etag) {
    throw unexpected(head, asked, 'is a part of another object');
  }
}

function failure(head: AnswerHead, asked: AskedRange): RepositoryError {
  const { status } = head;
  if (status === 404 || status === 410) {
    return failed('not-found', head, asked, 'The repository has no', 'Check the URL of the repository.');
  }
  if ([408, 425, 429].includes(status) || status >= 500) {
    return failed('server-error', head, asked, 'The server could not give', 'Try again later.');
  }
  if (status >= 400) {
    const hint =
      status === 407 ? 'Check the proxy settings.' : 'Check the URL of the repository, and its access rules.';
    return failed('access-refused', head, asked, 'The server refuses', hint);
  }
  return unexpected(head, asked, 'is no file');
}

function unexpected(head: AnswerHead, asked: AskedRange, what: string): RepositoryError {
  return new RepositoryError('unexpected-answer', `The answer for ${asked.name} ${what}.`, {
    details: { name: asked.name, status: head.status },
    hint: 'Try again later; check proxies and caches between this device and the repository.',
  });
}

function failed(
  code: RepositoryErrorCode,
  head: AnswerHead,
  { name }: AskedRange,
  what: string,
  hint: string,
): RepositoryError {
  const retryAfter = code === 'server-error' ? pauseAskedFor(head) : undefined;
  return new RepositoryError(code, `${what} ${name} (status ${head.status}).`, {
    details: { name, status: head.status, ...(retryAfter === undefined ? {} : { retryAfter }) },
    hint,
  });
}

/** Retry-After in milliseconds. A date counts from the server's own clock: the device's may be wrong. */
function pauseAskedFor(head: AnswerHead): number | undefined {
  const text = headerOf(head, 'retry-after');
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const pause = Date.parse(text) - Date.parse(headerOf(head, 'date') ?? '');
  return pause > 0 ? pause : undefined;
}

function headerOf({ headers }: AnswerHead, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
