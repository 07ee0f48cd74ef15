/** What a workflow of trust asks of whoever carries it out. */
export type TrustRequest =
  | {
      readonly kind: 'fetch';
      readonly name: string;
      readonly limit: number;
      readonly role: string;
      readonly version: number | undefined;
    }
  | { readonly kind: 'load'; readonly role: string }
  | { readonly kind: 'save'; readonly role: string; readonly bytes: Uint8Array };

export type TrustRun<T> = Generator<TrustRequest, T, Uint8Array | undefined>;
