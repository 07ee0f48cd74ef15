import { strongEtag } from './entity-tag.ts';
import { type Answer, type AskedRange, judgeAnswer } from './http-answer.ts';
import type { Exchange, Exchanger } from './http-exchange.ts';
import { checkObjectName, type Repository, type RepositoryOptions } from './repository.ts';
import { aborted, RepositoryError, truncated } from './repository-error.ts';
import { describeUrl, objectUrl, redirectTarget } from './repository-url.ts';
import { retryPolicyOf } from './retry-policy.ts';

const MAX_REDIRECTS = 5;

/**
 * A repository on a web server. `base` has been checked by `parseRepositoryUrl`. The HTTP client is loaded by the first
 * `fetch`, which takes as long as a small command: whoever stays offline does not pay for it.
 */
export function httpSource(base: URL, options: RepositoryOptions): Repository {
  const stats = { requests: 0, bytes: 0 };
  let loading: Promise<Exchanger> | undefined;
  let closed = false;
  return {
    description: describeUrl(base),
    stats,
    retry: retryPolicyOf(options),
    async fetch(name, { offset = 0, etag, length, size, signal } = {}) {
      const asked = { name: checkObjectName(name), offset, etag: strongEtag(etag), length, size };
      if (closed) throw aborted(name, signal);
      loading ??= import('./http-exchange.ts').then((module) => module.createExchanger(options, stats));
      const exchanger = await loading;
      const { answer, exchange } = await ask(exchanger, {
        url: objectUrl(base, name),
        signal,
        options,
        ...asked,
      });
      return { offset: answer.offset, etag: answer.etag, body: exchange.body() };
    },
    async close() {
      closed = true;
      // One that could not be made has told so to whoever fetched, and has nothing to close.
      const exchanger = await loading?.catch(() => undefined);
      exchanger?.close();
    },
  };
}

interface Question extends AskedRange {
  readonly url: URL;
  readonly signal: AbortSignal | undefined;
  readonly options: RepositoryOptions;
}

type BodyAnswer = Extract<Answer, { kind: 'body' }>;

/** Follows redirects, and asks for the whole where the rest does not exist. */
async function ask(
  exchanger: Exchanger,
  question: Question,
): Promise<{ readonly answer: BodyAnswer; readonly exchange: Exchange }> {
  let { url, offset } = question;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const { name, etag, length, size, signal } = question;
    const asked = { name, offset, etag, length, size };
    const exchange = await exchanger.send({ url, name, headers: rangeHeaders(asked), signal });
    const answer = judgeOrDiscard(exchange, asked);
    if (answer.kind === 'body') return { answer, exchange };
    exchange.discard();
    if (answer.kind === 'redirect') url = redirectTarget(url, answer.location, question.options);
    else if (length !== undefined) throw truncated(name, undefined, size ?? offset + length);
    else offset = 0;
  }
  throw new RepositoryError('redirect-refused', `${describeUrl(question.url)} redirects without end.`, {
    details: { url: describeUrl(question.url) },
    hint: 'Check the URL of the repository.',
  });
}

function judgeOrDiscard(exchange: Exchange, asked: AskedRange): Answer {
  try {
    return judgeAnswer(exchange.head, asked);
  } catch (error) {
    exchange.discard();
    throw error;
  }
}

function rangeHeaders({ offset, etag, length }: AskedRange): Record<string, string> {
  if (offset === 0 && length === undefined) return {};
  const last = length === undefined ? '' : offset + length - 1;
  return { range: `bytes=${offset}-${last}`, ...(etag === undefined ? {} : { 'if-range': etag }) };
}
