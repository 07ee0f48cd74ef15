import {
  PRODUCTION,
  parseEnvelope,
  parseRoot,
  type Root,
  readRoot,
  TrustError,
} from '@swupd/manifests/trust';

/**
 * The root to begin with: the `kept` one, where it is whole and can have come from `anchor`, else the anchor. An anchor that is
 * damaged itself speaks against nothing.
 */
export function chooseRoot(kept: Uint8Array | undefined, anchor: Uint8Array): Uint8Array {
  return kept !== undefined && isSuccessor(kept, anchor) ? kept : anchor;
}

/** undefined where it is not signed by its own keys, or is no root. */
export function verifiedRoot(bytes: Uint8Array): Root | undefined {
  return unlessRefused(() => parseRoot(bytes, PRODUCTION));
}

function isSuccessor(kept: Uint8Array, anchor: Uint8Array): boolean {
  const root = verifiedRoot(kept);
  const first = readUnverified(anchor);
  if (root === undefined || first === undefined) return root !== undefined;
  if (root.version >= first.version && root.product === first.product) return true;
  return verifiedRoot(anchor) === undefined;
}

/** What a root says of itself. Whoever begins with it verifies it; here nothing more hangs on it than whether it is begun with. */
function readUnverified(bytes: Uint8Array): Root | undefined {
  const envelope = parseEnvelope(bytes);
  return envelope === undefined ? undefined : unlessRefused(() => readRoot(envelope, bytes, PRODUCTION));
}

function unlessRefused(read: () => Root): Root | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}
