import { type ErrorOptions, SwupdError } from '@swupd/shared';

export const FORMAT_ERRORS = {
  'bad-manifest': {
    exit: 14,
    retry: false,
    summary: 'a manifest, MoM, difference or index breaks its grammar',
  },
  'unknown-format': {
    exit: 14,
    retry: false,
    summary: 'the repository is written in a format that this version does not know',
  },
  'difference-mismatch': {
    exit: 14,
    retry: false,
    summary: 'a manifest difference does not belong to the manifest at hand',
  },
  'bad-pack': { exit: 23, retry: false, summary: 'a pack breaks its format' },
  'unknown-bundle': { exit: 3, retry: false, summary: 'a bundle is named that the build does not have' },
  'path-conflict': {
    exit: 14,
    retry: false,
    summary: 'two bundles have different content or metadata at one path',
  },
} as const;

/** Something written in one of the project's own formats is not as its specification (`manifests/spec/`) says. */
export class FormatError extends SwupdError {
  readonly area = 'format';
  constructor(code: keyof typeof FORMAT_ERRORS, message: string, options?: ErrorOptions) {
    super(FORMAT_ERRORS, code, message, options);
  }
}
