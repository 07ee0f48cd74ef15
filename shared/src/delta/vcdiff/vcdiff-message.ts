type Bytes = Uint8Array<ArrayBuffer>;

/** What `vcdiff.ts` asks of its worker. Sizes in bytes; `flags` is the flags word of xdelta3. */
export type VcdiffRequest =
  | {
      readonly kind: 'encode';
      readonly source: Bytes;
      readonly target: Bytes;
      readonly outputMax: number;
      readonly flags: number;
    }
  | { readonly kind: 'decode'; readonly source: Bytes; readonly payload: Bytes; readonly outputMax: number };

/** `code` is what xdelta3 returned: an errno, or one of its own (negative). */
export type VcdiffReply =
  | { readonly kind: 'done'; readonly output: Uint8Array }
  | { readonly kind: 'refused'; readonly code: number };
