import { strongEtag } from './entity-tag.ts';
import { checkSize, RepositoryError, type RepositoryErrorCode, rangeRefused } from './repository-error.ts';

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
  /** Only so many bytes; without it, all up to the end. */
  readonly length?: number | undefined;
  /** What the whole object should have, where it is known. */
  readonly size?: number | undefined;
}

export type Answer =
  | { readonly kind: 'body'; readonly offset: number; readonly etag: string | undefined }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The object ends before the offset asked for: it is another one than the one that was begun. */
  | { readonly kind: 'no-such-range' };

/**
 * What an answer means for the request (RFC 9110, sections 14 and 15).
 * @throws RepositoryError `not-found`, `access-refused`, `server-error`, `unexpected-answer`, `range-refused`, `truncated`,
 * `body-too-long`
 */
export function judgeAnswer(head: AnswerHead, asked: AskedRange): Answer {
  const { status } = head;
  if (status === 200 || status === 206) {
    const coding = headerOf(head, 'content-encoding');
    if (coding !== undefined && coding !== 'identity')
      throw unexpected(head, asked, `is encoded as ${coding}`);
    const etag = strongEtag(headerOf(head, 'etag'));
    if (status === 206) checkPart(head, asked, etag);
    else checkWhole(head, asked);
    return { kind: 'body', offset: status === 206 ? asked.offset : 0, etag };
  }
  if (status === 416 && (asked.offset > 0 || asked.length !== undefined)) return { kind: 'no-such-range' };
  const location = headerOf(head, 'location');
  if ([301, 302, 303, 307, 308].includes(status) && location !== undefined)
    return { kind: 'redirect', location };
  throw failure(head, asked);
}

/** All of the object, which is also the answer of servers that know no ranges, and of those whose object has another tag. */
function checkWhole(head: AnswerHead, { name, offset, length, size }: AskedRange): void {
  const text = headerOf(head, 'content-length');
  const found = text === undefined ? undefined : Number(text);
  if (length !== undefined && (offset > 0 || found !== length)) throw rangeRefused(name, 'is the whole');
  checkSize(name, found, size);
}

function checkPart(head: AnswerHead, asked: AskedRange, etag: string | undefined): void {
  const { name, offset, length } = asked;
  // Whoever asked for a certain part has others to turn to; whoever asked for the rest may have met a bad moment.
  const wrong = (what: string): RepositoryError =>
    length === undefined ? unexpected(head, asked, what) : rangeRefused(name, what);
  if (offset === 0 && length === undefined) throw wrong('is a part, though the whole was asked for');
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headerOf(head, 'content-range') ?? '');
  if (range === null) throw wrong('is a part without saying which');
  const [first, last] = [Number(range[1]), Number(range[2])];
  const total = range[3] === '*' ? undefined : Number(range[3]);
  const end = length === undefined ? total : offset + length;
  if (first !== offset || last < first || last !== (end ?? last + 1) - 1 || last >= (total ?? last + 1)) {
    throw wrong(`is the part ${range[0]}, not the one asked for`);
  }
  const sent = headerOf(head, 'content-length');
  if (sent !== undefined && Number(sent) !== last - first + 1) {
    throw wrong(`says ${range[0]} but has ${sent} bytes`);
  }
  if (asked.etag !== undefined && etag !== undefined && etag !== asked.etag) {
    throw wrong('is a part of another object');
  }
  checkSize(name, total, asked.size);
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
