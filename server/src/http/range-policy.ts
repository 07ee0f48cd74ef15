/** The parts of a request that decide whether its `Range` counts. */
export interface RangeRequest {
  readonly method: string;
  readonly headers: { readonly range?: string | undefined; readonly 'if-range'?: string | undefined };
}

/**
 * Whether `Range` is to be looked at for a file of `size` bytes with the strong tag `etag`; otherwise the answer is
 * the whole file (RFC 9110, 13.1.5 and 14.2: only for GET, and only if `If-Range` is exactly this tag. A date is a
 * weak validator here: two pointers may be written within its second).
 */
export function rangeCounts({ method, headers }: RangeRequest, etag: string, size: number): boolean {
  if (method !== 'GET') return false;
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etag) return false;
  return !asksForMoreThanAll(headers.range, size);
}

const SUFFIX = /^ *bytes= *-(\d+) *$/;

/** The last N bytes of a file that has fewer are the whole file (RFC 9110, 14.1.2), which `send` would answer with 416. */
function asksForMoreThanAll(range: string | undefined, size: number): boolean {
  const length = range === undefined ? undefined : SUFFIX.exec(range)?.[1];
  return length !== undefined && size > 0 && Number(length) > size;
}
