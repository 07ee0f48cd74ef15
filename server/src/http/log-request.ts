import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTP_LIMITS } from './http-limits.ts';
import type { Logger } from './logger.ts';

export interface RequestLog {
  readonly logger: Logger;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** What went wrong with the requests that are being answered, for their line in the log. */
const failures = new WeakMap<ServerResponse, unknown>();

/** Remembers that `response` tells the client of `error`. */
export function noteFailure(response: ServerResponse, error: unknown): void {
  failures.set(response, error);
}

/**
 * Writes one line as soon as `response` is over: `method`, `path`, `status`, `bytes` (on the wire, with the header), `ms`,
 * `range` where one was asked for, `aborted` where the client left early, `code` and `error` where the server failed.
 */
export function logRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { logger, now }: RequestLog,
): void {
  const { socket, method, url = '', headers } = request;
  const [start, sentBefore] = [now(), socket.bytesWritten];
  response.once('close', () => {
    const line = {
      method,
      path: url.slice(0, HTTP_LIMITS.loggedPath),
      status: response.statusCode,
      bytes: socket.bytesWritten - sentBefore,
      ms: Math.round((now() - start) * 10) / 10,
      ...(headers.range === undefined ? {} : { range: headers.range }),
      ...(response.writableFinished ? {} : { aborted: true }),
    };
    const failure = failures.get(response);
    if (failure === undefined) logger.info(line, 'request');
    else logger.error({ ...line, ...describe(failure) }, 'request failed');
  });
}

function describe(error: unknown): { code: string; error: string } {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : 'unexpected', error: String(message ?? error) };
}
