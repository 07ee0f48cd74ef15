import { SwupdError } from '@swupd/shared';
import { asBuildError, BUILD_ERRORS, BuildError, type BuildErrorCode } from '../build-error.ts';

/** What a task sends back. An error that crosses a thread loses its class and code, so it travels as values. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'failed';
      readonly code: BuildErrorCode;
      readonly message: string;
      readonly hint: string | undefined;
      readonly details: Readonly<Record<string, unknown>>;
    };

/** `work` as a task for a worker thread: gives an outcome and never throws. */
export function asTask<Request, Result>(
  work: (request: Request) => Result | Promise<Result>,
): (request: Request) => Promise<Outcome<Result>> {
  return async (request) => {
    try {
      return { kind: 'done', value: await work(request) };
    } catch (cause) {
      return failure(asBuildError(cause));
    }
  };
}

/** The value of an outcome. @throws BuildError the one that was thrown in the task */
export function openOutcome<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  const { code, message, hint, details } = outcome;
  throw new BuildError(code, message, hint === undefined ? { details } : { details, hint });
}

function failure(error: unknown): Outcome<never> {
  if (!(error instanceof SwupdError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'failed', code: 'task-failed', message, hint: undefined, details: {} };
  }
  const known = error.area === 'build' && error.code in BUILD_ERRORS;
  return {
    kind: 'failed',
    code: known ? (error.code as BuildErrorCode) : 'task-failed',
    message: error.message,
    hint: error.hint,
    details: known ? error.details : { ...error.details, code: error.code },
  };
}
