import type { Mutation } from './draft.ts';

/** A rule by which our client refuses what tuf-js accepts. */
export interface Difference {
  readonly rule: string;
  readonly why: string;
  /** Our error code, and what the mutation did. */
  readonly code: RegExp;
  readonly what: RegExp;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    rule: 'a time has one form',
    why: 'Section 4.2 of the specification knows YYYY-MM-DDTHH:MM:SSZ only. What each parser of dates takes for a time, or takes without a zone for local time, is another thing on each machine.',
    code: /^bad-metadata$/,
    what: /^\.(?:expires|time)\b/,
  },
  {
    rule: 'hexadecimal digits are lower case, and whole bytes',
    why: 'One signature, one key and one digest have one spelling each. tuf-js decodes with a function that stops at what it does not know, so bytes may follow.',
    code: /^unsigned-metadata$/,
    what: /^(?:signatures: (?:upper case|an odd digit more)|bytes: a bit flipped)$|\.keyval\.public is /,
  },
  {
    rule: 'a key has its own id, and just the one scheme',
    why: 'Section 4.2: the id is the hash of the key object, and clients must calculate it. tuf-js takes any id, and looks at the type of an Ed25519 key but not at its scheme.',
    code: /^unsigned-metadata$/,
    what: /\.keys\.ID\b/,
  },
  {
    rule: 'no field twice',
    why: 'Which of the two counts depends on the parser: whoever signed may have read the other one.',
    code: /^bad-metadata$/,
    what: /^(?:text: (?:a field|the signed part)|bytes: some) twice$/,
  },
  {
    rule: 'nothing but metadata around what is signed',
    why: 'Fractions and deep nesting are refused before signatures are looked at, wherever they are.',
    code: /^bad-metadata$/,
    what: /^text: (?:a fraction|deep) beside the signed part$/,
  },
  {
    rule: 'a version is positive',
    why: 'Section 4.3: an integer that is greater than 0.',
    code: /^bad-metadata$/,
    what: /^\.version is (?:0|-1)$/,
  },
  {
    rule: 'hashes are there',
    why: 'Section 4.5: a target without a hash would be any file of that length.',
    code: /^bad-metadata$/,
    what: /^\.targets\.\w+\.hashes\b/,
  },
  {
    rule: 'the product is the same',
    why: 'A field that only this project knows: root and timestamp say whose software it is.',
    code: /^(?:wrong-product|bad-metadata)$/,
    what: /^\.product\b/,
  },
  {
    rule: 'what is kept is what is announced',
    why: 'A timestamp that lists the version of the stored snapshot with another hash means another file: it is fetched. tuf-js compares the version only.',
    code: /^metadata-mismatch$/,
    what: /^\.meta\.snapshot\.json\.version is 1$/,
  },
];

/** The line of the table that fits; undefined where there is none. */
export function differenceFor({ what, code }: Mutation & { readonly code: string }): Difference | undefined {
  return DIFFERENCES.find((difference) => difference.code.test(code) && difference.what.test(what));
}
