/** What came of a command. The code is undefined for a client that tells none. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly code: string | undefined };

/** A TUF client as the public conformance suite drives it, whatever it is made of. */
export interface TufClient extends AsyncDisposable {
  /** Seconds since 1970; a case moves it as it likes. */
  now: number;
  /** Trusts `root`, asks nothing. */
  init(root: Uint8Array): Promise<Outcome>;
  refresh(): Promise<Outcome>;
  /** Target paths in this order with one client, up to the first failure. */
  download(...paths: readonly string[]): Promise<Outcome>;
  /** The trusted metadata that it keeps, by role. */
  trusted(): ReadonlyMap<string, Uint8Array>;
  /** Puts other bytes into its store, or takes a file away. */
  plant(role: string, bytes: Uint8Array | undefined): void;
  /** The artifacts that it keeps, by target path. */
  artifacts(): ReadonlyMap<string, Uint8Array>;
}
