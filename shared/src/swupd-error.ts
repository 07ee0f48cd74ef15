/** What the registry says of one error code. */
export interface ErrorFacts {
  /** Exit code of the process that ends with it (`docs/exit-codes.md`). */
  readonly exit: number;
  /** Whether the same call can succeed later without anybody changing anything. */
  readonly retry: boolean;
  /** One line for the documentation. */
  readonly summary: string;
}

export type ErrorTable = Readonly<Record<string, ErrorFacts>>;

export interface ErrorOptions {
  /** Values that the message speaks of, for `-j` and for tests. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The user's next step, an imperative sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The base of every error that this project throws on purpose. Each area has one subclass with its own table of codes;
 * callers decide by `code`, never by the message.
 */
export abstract class SwupdError extends Error {
  abstract readonly area: string;
  readonly code: string;
  readonly exit: number;
  readonly retry: boolean;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint: string | undefined;

  protected constructor(table: ErrorTable, code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const facts = table[code];
    if (facts === undefined) throw new TypeError(`error code '${code}' is not registered`);
    this.name = new.target.name;
    this.code = code;
    this.exit = facts.exit;
    this.retry = facts.retry;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }
}
