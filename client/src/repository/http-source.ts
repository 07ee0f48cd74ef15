import { strongEtag } from './entity-tag.ts';
import { type Answer, judgeAnswer } from './http-answer.ts';
import type { Exchange, Exchanger } from './http-exchange.ts';
import { checkObjectName, type Repository, type RepositoryOptions } from './repository.ts';
import { aborted, RepositoryError } from './repository-error.ts';
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
    async fetch(name, { offset = 0, etag, signal } = {}) {
      const asked = { name: checkObjectName(name), offset, etag: strongEtag(etag) };
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

interface Question {
  readonly url: URL;
  readonly name: string;
  readonly offset: number;
  readonly etag: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly options: RepositoryOptions;
}

type BodyAnswer = Extract<Answer, { kind: 'body' }>;

/** Follows redirects, and asks for the whole where the part does not exist. */
async function ask(
  exchanger: Exchanger,
  question: Question,
): Promise<{ readonly answer: BodyAnswer; readonly exchange: Exchange }> {
  let { url, offset } = question;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const { name, etag, signal } = question;
    const exchange = await exchanger.send({ url, name, headers: rangeHeaders(offset, etag), signal });
    const answer = judgeOrDiscard(exchange, { name, offset, etag });
    if (answer.kind === 'body') return { answer, exchange };
    exchange.discard();
    if (answer.kind === 'redirect') url = redirectTarget(url, answer.location, question.options);
    else offset = 0;
  }
  throw new RepositoryError('redirect-refused', `${describeUrl(question.url)} redirects without end.`, {
    details: { url: describeUrl(question.url) },
    hint: 'Check the URL of the repository.',
  });
}

function judgeOrDiscard(exchange: Exchange, asked: Pick<Question, 'name' | 'offset' | 'etag'>): Answer {
  try {
    return judgeAnswer(exchange.head, asked);
  } catch (error) {
    exchange.discard();
    throw error;
  }
}

function rangeHeaders(offset: number, etag: string | undefined): Record<string, string> {
  if (offset === 0) return {};
  return { range: `bytes=${offset}-`, ...(etag === undefined ? {} : { 'if-range': etag }) };
}
