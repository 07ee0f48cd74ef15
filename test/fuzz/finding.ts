/** What a decoder of hostile bytes must not do. */
export type Fault =
  /** Read of the source outside of it. */
  | 'bad-read'
  /** More bytes than the target has, or more chunks than it has bytes. */
  | 'too-much'
  /** Reads, or memory, out of all proportion to the files. */
  | 'amplified'
  /** Does not end in time. */
  | 'slow'
  /** The same case gives two results. */
  | 'unstable'
  /** Does not make the target out of what its own encoder made. */
  | 'refused-seed'
  /** Any error that is no refusal. */
  | 'exception';

/** A promise of a decoder that an input breaks. */
export class Finding extends Error {
  readonly fault: Fault;
  constructor(fault: Fault, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'Finding';
    this.fault = fault;
  }
}

/** The finding that an error thrown by a target is. */
export function findingOf(error: unknown): Finding {
  if (error instanceof Finding) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Finding('exception', message, { cause: error });
}

/** What two findings with the same cause have in common. */
export function keyOf({ fault, message }: Finding): string {
  return `${fault}: ${message.replace(/-?\d+/g, 'N')}`;
}
