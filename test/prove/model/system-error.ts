/** What a failed operation of the system throws, for whoever asks `errnoOf`. */
export class SystemError extends Error {
  readonly code: string;

  constructor(code: string, operation: string, name: string) {
    super(`${code}: ${operation} '${name}'`);
    this.code = code;
  }
}
