/** What a task sends back from its thread. A failed system call keeps its code, which tells a full disk from a bad download. */
export type TaskOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly message: string; readonly code: unknown; readonly syscall: unknown };

/** `work` as a task for a worker thread: gives an outcome and never throws. */
export function asTask<Request, Result>(
  work: (request: Request) => Result | Promise<Result>,
): (request: Request) => Promise<TaskOutcome<Result>> {
  return async (request) => {
    try {
      return { kind: 'done', value: await work(request) };
    } catch (error) {
      const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', message, code, syscall };
    }
  };
}

/** The value of an outcome. Throws what the task has thrown, with the system's code where it has one. */
export function openOutcome<T>(outcome: TaskOutcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  const { message, code, syscall } = outcome;
  // Whoever asks whether a system call has failed looks for `syscall`, so others must not have it.
  throw Object.assign(
    new Error(message),
    code === undefined ? {} : { code },
    syscall === undefined ? {} : { syscall },
  );
}
