import { type ErrorOptions, SwupdError } from '../swupd-error.ts';

export const DELTA_ERRORS = {
  'bad-delta': {
    exit: 17,
    retry: false,
    summary: 'a delta is damaged, does not fit the file at hand, or gives another size than announced',
  },
  'unknown-codec': {
    exit: 17,
    retry: false,
    summary: 'a delta is written in a format or by a codec that this version does not know',
  },
  'worker-failed': {
    exit: 27,
    retry: true,
    summary:
      'the thread that makes and applies deltas does not start, or ran into its time limit while making one',
  },
} as const;

/** A delta can't be applied, or can't be made. A device takes another source of the file instead, whatever the code. */
export class DeltaError extends SwupdError {
  readonly area = 'delta';
  constructor(code: keyof typeof DELTA_ERRORS, message: string, options?: ErrorOptions) {
    super(DELTA_ERRORS, code, message, options);
  }
}
