import { type ErrorOptions, SwupdError } from '@swupd/shared';

export const HTTP_ERRORS = {
  'not-a-repository': { exit: 37, retry: false, summary: 'the folder to serve holds no repository' },
  'bad-port': { exit: 15, retry: false, summary: 'the port to listen on is no number from 0 to 65535' },
  'port-in-use': { exit: 11, retry: true, summary: 'another program listens on the port already' },
  'listen-failed': { exit: 11, retry: false, summary: 'the system refuses to listen on the host and port' },
} as const;

/** `swupd-server serve` can't begin. What goes wrong with a single request is answered and logged, not thrown. */
export class HttpServerError extends SwupdError {
  readonly area = 'http';
  constructor(code: keyof typeof HTTP_ERRORS, message: string, options?: ErrorOptions) {
    super(HTTP_ERRORS, code, message, options);
  }
}
