import { SwupdError } from '@swupd/shared';

/** A problem stops some device; a warning will, if nobody does anything; a note is worth knowing. */
export type Severity = 'problem' | 'warning' | 'note';

/** Something about a published file that somebody should hear of. */
export interface Finding {
  readonly severity: Severity;
  /** One of `FINDINGS`, or the code of the error that a device would end with. */
  readonly code: string;
  /** Of the file, below the repository's top; of a folder with a slash behind it. */
  readonly name: string;
  readonly message: string;
  /** What to do, an imperative sentence. */
  readonly hint: string;
}

const RESTORE = 'Restore the file from a copy of the repository.';
const WITHDRAW = 'Withdraw the build, and publish the same image under a new version.';

/** What an inspection finds by itself, with the next step. Errors of formats and trust come with their own codes. */
export const FINDINGS = {
  missing: { severity: 'problem', hint: RESTORE },
  unreadable: {
    severity: 'problem',
    hint: 'Check the permissions, the disk and the server, and inspect again.',
  },
  'wrong-size': { severity: 'problem', hint: RESTORE },
  'wrong-digest': { severity: 'problem', hint: RESTORE },
  damaged: { severity: 'problem', hint: RESTORE },
  'offers-differ': { severity: 'problem', hint: WITHDRAW },
  'manifest-differs': { severity: 'problem', hint: WITHDRAW },
  'pack-differs': { severity: 'problem', hint: WITHDRAW },
  'delta-differs': { severity: 'problem', hint: WITHDRAW },
  'anchor-differs': {
    severity: 'problem',
    hint: 'Check which of the two is right: devices believe in theirs.',
  },
  'no-way': {
    severity: 'problem',
    hint: 'Offer a build that these can enter, and from which the newest can be entered: see --min-from.',
  },
  'expires-soon': { severity: 'warning', hint: 'Renew it.' },
  'large-metadata': { severity: 'note', hint: 'Withdraw builds that no device needs any more.' },
  'nothing-offered': {
    severity: 'note',
    hint: "Offer a build: 'swupd-server build', or 'swupd-server channel promote'.",
  },
  'not-offered': {
    severity: 'note',
    hint: "Offer the build with 'swupd-server channel promote', or leave it.",
  },
  unreferenced: { severity: 'note', hint: 'Leave it, or remove it when no cache can need it any more.' },
} as const satisfies Record<string, { severity: Severity; hint: string }>;

export type FindingCode = keyof typeof FINDINGS;

/** What has been found so far, in the order in which it was. */
export class Findings {
  readonly list: Finding[] = [];

  add(code: FindingCode, name: string, message: string, hint: string = FINDINGS[code].hint): void {
    this.list.push({ severity: FINDINGS[code].severity, code, name, message, hint });
  }

  /** The error with which a device would refuse the file. What is no error of this project is a defect, and thrown again. */
  addError(name: string, error: unknown): void {
    if (!(error instanceof SwupdError)) throw error;
    const { code, message, hint = WITHDRAW } = error;
    this.list.push({ severity: 'problem', code, name, message, hint });
  }

  count(severity: Severity): number {
    return this.list.filter((finding) => finding.severity === severity).length;
  }
}
