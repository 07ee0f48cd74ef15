import { parsePointer, parseRoot, type RoleKeys, type Root, verifyMom } from '@swupd/manifests';
import { Finding } from '../finding.ts';
import { parserTarget, summary, vector } from './parser-target.ts';

/**
 * A root that is content with no valid signature at all, so that what lies behind the signatures is reached too: an attacker
 * with the key gets there, and the keys of a mutant would never fit.
 */
const OPEN: RoleKeys = { keys: new Map(), threshold: 0 };
const OPEN_ROOT: Root = {
  version: 1,
  expires: 2 ** 40,
  roles: { root: OPEN, timestamp: OPEN, snapshot: OPEN, targets: OPEN },
};
const CLOSED = parseRoot(vector('root.json'));

export const pointerTarget = parserTarget({
  name: 'pointer',
  isCanonical: false,
  parse: ({ payload }) => summary(parsePointer(payload, OPEN_ROOT)),
  seeds: () => [{ name: 'vector', payload: vector('timestamp.json') }],
});

/** With the real keys: nothing but the vector itself, in whatever spelling of JSON, is accepted. */
export const rootTarget = parserTarget({
  name: 'root',
  isCanonical: false,
  parse: ({ payload }) => {
    const root = parseRoot(payload);
    if (root.version < 1 || root.roles.timestamp.threshold < 1)
      throw new Finding('unstable', 'a root without versions or signatures is accepted');
    return summary(root);
  },
  seeds: () => [{ name: 'vector', payload: vector('root.json') }],
});

export const momSignaturesTarget = parserTarget({
  name: 'mom-signatures',
  isCanonical: false,
  parse: ({ payload, source }) => summary(verifyMom({ mom: source, signatures: payload }, CLOSED, undefined)),
  seeds: () => [{ name: 'vector', source: vector('mom.txt'), payload: vector('mom.sig') }],
});
