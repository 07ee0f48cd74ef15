import { strongEtag } from '../../../client/src/repository/entity-tag.ts';
import { judgeAnswer } from '../../../client/src/repository/http-answer.ts';
import {
  objectUrl,
  parseRepositoryUrl,
  redirectTarget,
} from '../../../client/src/repository/repository-url.ts';
import { parseObjectPath } from '../../../server/src/http/parse-object-path.ts';
import { rangeCounts } from '../../../server/src/http/range-policy.ts';
import { Finding } from '../finding.ts';
import type { FuzzCase } from '../fuzz-case.ts';
import { parserTarget, summary } from './parser-target.ts';

const BASE = new URL('https://updates.example.org/os');
const NOTHING = new Uint8Array(0);
const ASKED = [
  { name: 'a/b', offset: 0, etag: undefined },
  { name: 'a/b', offset: 100, etag: '"one"', size: 1000 },
  { name: 'a/b', offset: 100, etag: undefined, length: 50, size: 1000 },
];

/** The head of an answer: status and headers, a line each. What follows from it may be only what was asked for. */
export const answerTarget = parserTarget({
  name: 'http-answer',
  isCanonical: false,
  parse: judgeText,
  seeds: () =>
    [
      '200\ncontent-length: 1000\netag: "one"',
      '206\ncontent-range: bytes 100-999/1000\ncontent-length: 900\netag: "one"',
      '206\ncontent-range: bytes 100-149/1000\ncontent-length: 50',
      '302\nlocation: https://cdn.example.org/os/a/b?x=1',
      '416\ncontent-range: bytes */50',
    ].map((text, index) => ({
      name: `answer-${index}`,
      payload: Buffer.from(text),
      source: Buffer.from([[0, 1, 2, 0, 1][index] ?? 0]),
    })),
});

function judgeText({ payload, source }: FuzzCase): Uint8Array {
  const asked = ASKED[(source[0] ?? 0) % ASKED.length] ?? { name: 'a/b', offset: 0, etag: undefined };
  const [status = '', ...lines] = Buffer.from(payload).toString('latin1').split('\n');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(colon, 0)).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const answer = judgeAnswer({ status: Number(status), headers: Object.fromEntries(pairs) }, asked);
  if (answer.kind === 'redirect') return Buffer.from(redirectTarget(BASE, answer.location, {}).href);
  if (answer.kind === 'body' && answer.offset !== 0 && answer.offset !== asked.offset)
    throw new Finding('bad-read', `${answer.offset} where ${asked.offset} was asked for`);
  return summary(answer);
}

/** A URL as a settings file or an installed record has it, and an entity tag as a file has it. */
export const urlTarget = parserTarget({
  name: 'url',
  isCanonical: false,
  parse: ({ payload, source }) => {
    const url = parseRepositoryUrl(Buffer.from(payload).toString('utf8'), {});
    const object = objectUrl(url, 'metadata/timestamp.json');
    if (object.protocol !== url.protocol || object.host !== url.host)
      throw new Finding('unstable', 'an object lies on another server than its repository');
    if (url.protocol === 'http:' && !/^(?:localhost|\[::1\]|127\.[\d.]+)$/.test(url.hostname))
      throw new Finding('unstable', 'a plain http: URL of another machine is accepted');
    const tag = strongEtag(Buffer.from(source).toString('latin1'));
    return summary({ href: object.href, tag });
  },
  seeds: () =>
    ['https://updates.example.org/os?token=1', 'http://127.0.0.1:8080/', 'file:///srv/os', '/srv/o s%#?'].map(
      (text, index) => ({
        name: `url-${index}`,
        payload: Buffer.from(text),
        source: index === 0 ? Buffer.from('"tag"') : NOTHING,
      }),
    ),
});

/** What a device, or anybody, asks the server for: path, range and condition, a line each. */
export const requestTarget = parserTarget({
  name: 'http-request',
  isCanonical: false,
  parse: ({ payload }) => {
    const [path = '', range, condition] = Buffer.from(payload).toString('latin1').split('\n');
    const name = parseObjectPath(path);
    if (name === undefined) return undefined;
    if (/(?:^|\/)\.|\/\/|^\/|\0|\\/.test(name))
      throw new Finding('bad-read', `the path ${name} is let through`);
    const counts = rangeCounts({ method: 'GET', headers: { range, 'if-range': condition } }, '"one"', 1000);
    return summary({ name, counts });
  },
  seeds: () =>
    [
      '/metadata/timestamp.json',
      '/blobs/ab/abcdef\nbytes=5-9\n"one"',
      '/a%2db/c+d\nbytes=-5',
      '/x\nbytes= -2000 ',
    ].map((text, index) => ({ name: `request-${index}`, payload: Buffer.from(text) })),
});
