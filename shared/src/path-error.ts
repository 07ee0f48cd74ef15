import { type ErrorOptions, SwupdError } from './swupd-error.ts';

export const PATH_ERRORS = {
  'bad-path': {
    exit: 14,
    retry: false,
    summary: 'a path is absolute, leaves the root, or is no legal Linux path',
  },
  'bad-escape': {
    exit: 14,
    retry: false,
    summary: 'a field of a manifest is not escaped as the grammar says',
  },
} as const;

export class PathError extends SwupdError {
  readonly area = 'path';
  constructor(code: keyof typeof PATH_ERRORS, message: string, options?: ErrorOptions) {
    super(PATH_ERRORS, code, message, options);
  }
}
