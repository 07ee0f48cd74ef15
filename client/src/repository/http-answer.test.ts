import { describe, expect, test } from 'vitest';
import { strongEtag } from './entity-tag.ts';
import { judgeAnswer } from './http-answer.ts';

const WHOLE = { name: 'x', offset: 0, etag: undefined };
const REST = { name: 'x', offset: 10, etag: '"a"' };
const PART = { name: 'x', offset: 10, etag: '"a"', length: 5, size: 20 };
const START = { name: 'x', offset: 0, etag: undefined, length: 20 };

test.each([
  [200, {}, WHOLE, { kind: 'body', offset: 0, etag: undefined }],
  [200, { etag: '"a"' }, REST, { kind: 'body', offset: 0, etag: '"a"' }],
  [
    200,
    { etag: 'W/"a"', 'content-encoding': 'identity' },
    WHOLE,
    { kind: 'body', offset: 0, etag: undefined },
  ],
  [206, { 'content-range': 'bytes 10-19/20', etag: '"a"' }, REST, { kind: 'body', offset: 10, etag: '"a"' }],
  [206, { 'content-range': 'bytes 10-19/*' }, REST, { kind: 'body', offset: 10, etag: undefined }],
  [416, {}, REST, { kind: 'no-such-range' }],
  [206, { 'content-range': 'bytes 10-14/20', etag: '"a"' }, PART, { kind: 'body', offset: 10, etag: '"a"' }],
  [206, { 'content-range': 'bytes 10-14/*' }, PART, { kind: 'body', offset: 10, etag: undefined }],
  [206, { 'content-range': 'bytes 0-19/20' }, START, { kind: 'body', offset: 0, etag: undefined }],
  [200, { 'content-length': '20' }, START, { kind: 'body', offset: 0, etag: undefined }],
  [200, { 'content-length': '9' }, { ...WHOLE, size: 9 }, { kind: 'body', offset: 0, etag: undefined }],
  [416, {}, PART, { kind: 'no-such-range' }],
  [416, {}, START, { kind: 'no-such-range' }],
  [302, { location: '/y' }, WHOLE, { kind: 'redirect', location: '/y' }],
] as const)('%i %j', (status, headers, asked, answer) => {
  expect(judgeAnswer({ status, headers }, asked)).toEqual(answer);
});

test.each([
  ['not-found', 404, {}, WHOLE],
  ['not-found', 410, {}, WHOLE],
  ['access-refused', 401, {}, WHOLE],
  ['access-refused', 403, {}, WHOLE],
  ['access-refused', 407, {}, WHOLE],
  ['server-error', 408, {}, WHOLE],
  ['server-error', 429, {}, WHOLE],
  ['server-error', 500, {}, WHOLE],
  ['server-error', 503, {}, WHOLE],
  ['unexpected-answer', 204, {}, WHOLE],
  ['unexpected-answer', 304, {}, WHOLE],
  ['unexpected-answer', 302, {}, WHOLE],
  ['access-refused', 416, {}, WHOLE],
  ['unexpected-answer', 200, { 'content-encoding': 'gzip' }, WHOLE],
  ['unexpected-answer', 206, { 'content-range': 'bytes 0-19/20' }, WHOLE],
  ['unexpected-answer', 206, {}, REST],
  ['unexpected-answer', 206, { 'content-range': 'bytes 11-19/20' }, REST],
  ['unexpected-answer', 206, { 'content-range': 'bytes 10-15/20' }, REST],
  ['unexpected-answer', 206, { 'content-range': 'bytes 10-9/10' }, REST],
  ['unexpected-answer', 206, { 'content-range': 'items 10-19/20' }, REST],
  ['unexpected-answer', 206, { 'content-range': 'bytes 10-19/20', 'content-length': '11' }, REST],
  ['unexpected-answer', 206, { 'content-range': 'bytes 10-19/20', etag: '"b"' }, REST],
  ['range-refused', 200, { 'content-length': '20' }, PART],
  ['range-refused', 200, {}, PART],
  ['range-refused', 200, { 'content-length': '21' }, START],
  ['range-refused', 200, {}, START],
  ['range-refused', 206, {}, PART],
  ['range-refused', 206, { 'content-type': 'multipart/byteranges; boundary=x' }, PART],
  ['range-refused', 206, { 'content-range': 'bytes 10-19/20' }, PART],
  ['range-refused', 206, { 'content-range': 'bytes 10-13/20' }, PART],
  ['range-refused', 206, { 'content-range': 'bytes 11-15/20' }, PART],
  ['range-refused', 206, { 'content-range': 'bytes 10-14/14' }, PART],
  ['range-refused', 206, { 'content-range': 'bytes 10-14/20', 'content-length': '20' }, PART],
  ['range-refused', 206, { 'content-range': 'bytes 10-14/20', etag: '"b"' }, PART],
  ['truncated', 206, { 'content-range': 'bytes 10-14/15' }, PART],
  ['body-too-long', 206, { 'content-range': 'bytes 10-14/21' }, PART],
  ['truncated', 206, { 'content-range': 'bytes 10-19/20' }, { ...REST, size: 30 }],
  ['truncated', 200, { 'content-length': '8' }, { ...WHOLE, size: 9 }],
  ['body-too-long', 200, { 'content-length': '10' }, { ...WHOLE, size: 9 }],
] as const)('%s: %i %j', (code, status, headers, asked) => {
  expect(() => judgeAnswer({ status, headers }, asked)).toThrow(expect.objectContaining({ code }));
});

describe('Retry-After', () => {
  const date = 'Fri, 20 Nov 2026 10:00:00 GMT';
  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 10:00:09 GMT', date }, 9000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 09:59:00 GMT', date }, undefined],
    [{ 'retry-after': 'Fri, 20 Nov 2026 10:00:09 GMT' }, undefined],
    [{ 'retry-after': 'soon', date }, undefined],
    [{}, undefined],
  ])('%j', (headers, retryAfter) => {
    expect(() => judgeAnswer({ status: 503, headers }, WHOLE)).toThrow(
      expect.objectContaining({
        details: { name: 'x', status: 503, ...(retryAfter === undefined ? {} : { retryAfter }) },
      }),
    );
  });
});

test.each([
  ['"a-1"', '"a-1"'],
  ['""', '""'],
  ['W/"a"', undefined],
  ['a', undefined],
  ['"a"b"', undefined],
  ['"a\r\nx: y"', undefined],
  ['"a b"', undefined],
  [`"${'a'.repeat(257)}"`, undefined],
  [undefined, undefined],
])('entity tag %j', (text, tag) => {
  expect(strongEtag(text)).toBe(tag);
});
