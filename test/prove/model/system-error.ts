/** What a failed operation of the system throws, for whoever asks `errnoOf`. */
export class SystemError extends Error {
  readonly code: string;

  constructor(code: string, operation: string, name: string) {
    const limit = Error.stackTraceLimit;
    // Most are expected, and looking up where they come from costs more than the operation.
    Error.stackTraceLimit = 0;
    super(`${code}: ${operation} '${name}'`);
    Error.stackTraceLimit = limit;
    this.code = code;
  }
}
