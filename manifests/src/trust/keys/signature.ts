/** A signature as TUF writes it: both as hexadecimal digits. */
export interface Signature {
  readonly keyid: string;
  readonly sig: string;
}
