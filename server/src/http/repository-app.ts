import type { RequestListener } from 'node:http';
import { LAYOUT } from '@swupd/manifests';
import express, { type NextFunction, type Request, type Response } from 'express';
import { logRequest, noteFailure, type RequestLog } from './log-request.ts';
import { describeObject } from './object-headers.ts';
import { type OpenObject, openObject } from './open-object.ts';
import { parseObjectPath } from './parse-object-path.ts';
import { rangeCounts } from './range-policy.ts';
import { readHealth } from './read-health.ts';

const ABOUT = `This is a repository of operating system builds for swupd.

Trust anchor: /${LAYOUT.root(1)} (take it to the device over a way that you trust)
What is new:  /${LAYOUT.timestamp} (follow it with a TUF client: metadata in /metadata/, targets in /targets/)
`;

/**
 * Answers GET and HEAD for the files below `repository` as any web server would, with nothing that a device depends on:
 * `manifests/spec/repository.md`. Never writes, never compresses (sizes are signed), never follows a link to the outside.
 */
export function createRepositoryApp(repository: string, log: RequestLog): RequestListener {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.enable('case sensitive routing').enable('strict routing');
  app.use((request, response, next) => {
    logRequest(request, response, log);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  app.use(refuseWriting);
  app.get('/', (_request, response) => {
    answer(response, { status: 200, cache: 'public, max-age=60', text: ABOUT });
  });
  app.get('/healthz', (_request, response) => answerHealth(repository, response));
  app.use((request: Request, response: Response) => serveObject(repository, request, response));
  app.use(answerFailure);
  return app as RequestListener;
}

function refuseWriting(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next();
    return;
  }
  response.setHeader('Allow', 'GET, HEAD');
  response.setHeader('Connection', 'close');
  answer(response, { status: 405, cache: 'no-store', text: 'this repository is read-only\n' });
}

async function answerHealth(repository: string, response: Response): Promise<void> {
  const health = await readHealth(repository);
  response.setHeader('Cache-Control', 'no-store');
  response.status(health.status === 'ok' ? 200 : 503).json(health);
}

async function serveObject(repository: string, request: Request, response: Response): Promise<void> {
  const name = parseObjectPath(request.path);
  const object = name === undefined ? undefined : await openObject(repository, name);
  if (object === undefined) return answerMissing(response);
  try {
    await sendObject(object, request, response);
  } finally {
    await object.handle.close();
  }
}

/** Conditions, ranges, HEAD and the body are `send`'s work. Several ranges that don't touch give the whole file, with 200. */
async function sendObject(object: OpenObject, request: Request, response: Response): Promise<void> {
  const described = await describeObject(object);
  // It speaks to caches on the way; `send` would take `no-cache` for a reason never to answer 304, and fetch() adds it.
  delete request.headers['cache-control'];
  const options = {
    headers: { ...described, 'Accept-Ranges': 'bytes' },
    acceptRanges: rangeCounts(request, described.ETag, object.stats.size),
    cacheControl: false,
    // The timestamp changes in place, and twice within a second if it must: only its tag tells.
    lastModified: object.name !== LAYOUT.timestamp,
    index: false,
  };
  await new Promise<void>((resolve, reject) => {
    response.sendFile(object.path, options, (error?: Error) => {
      if (error === undefined || error === null || isAborted(error)) resolve();
      else reject(error);
    });
  });
}

/** The client left: the log says so, and there is nobody to answer. */
function isAborted(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNABORTED' || error.code === 'EPIPE' || error.code === 'ECONNRESET';
}

/** The error handler of express, which knows one by its four parameters. `send` throws 412 and 416, the system everything else. */
function answerFailure(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const status = statusOf(error);
  if (status >= 500) noteFailure(response, error);
  if (response.headersSent) {
    // The length is promised already: cut, so that the client sees that something is missing.
    response.destroy();
    return;
  }
  if (status !== 416) response.removeHeader('Content-Range');
  if (status === 404) answerMissing(response);
  else answer(response, { status, cache: 'no-store', text: TEXTS[status] ?? 'not available\n' });
}

const TEXTS: Readonly<Record<number, string>> = { 412: 'not that version\n', 416: 'no such range\n' };

/** Out of file handles, or the repository is gone for now: devices may try again. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOENT']);

function statusOf(error: unknown): number {
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (status === 404 || status === 412 || status === 416) return status;
  return typeof code === 'string' && PASSING.has(code) ? 503 : 500;
}

function answerMissing(response: Response): void {
  answer(response, { status: 404, cache: 'public, max-age=60', text: 'not found\n' });
}

interface Answer {
  readonly status: number;
  readonly cache: string;
  readonly text: string;
}

/** Answers with a plain text that says nothing of a file, even if `send` has described one before it gave up. */
function answer(response: Response, { status, cache, text }: Answer): void {
  for (const name of ['ETag', 'Last-Modified', 'Content-Length']) response.removeHeader(name);
  response.setHeader('Cache-Control', cache);
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.status(status).send(text);
}
