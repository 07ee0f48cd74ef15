import {
  BUILD_ROLE,
  covers,
  type Envelope,
  offersOf,
  PRODUCTION,
  parseEnvelope,
  parseRoot,
  type RoleKeys,
  type Root,
  readRoot,
  readSnapshot,
  readTargets,
  readTimestamp,
  signedBytes,
  verifyMom,
} from '@swupd/manifests/trust';
import { Finding } from '../finding.ts';
import { parserTarget, summary, vector } from './parser-target.ts';

/** With the real keys: nothing but the vector itself, in whatever spelling of JSON, is accepted. */
export const rootTarget = parserTarget({
  name: 'root',
  isCanonical: false,
  parse: ({ payload }) => summary(checkRoot(parseRoot(payload, PRODUCTION))),
  seeds: () => [{ name: 'vector', payload: vector('1.root.json') }],
});

/**
 * The rest as a thief of the keys gets there: the keys of a mutant would never fit, so what lies behind the signatures is
 * reached without them.
 */
export const metadataTarget = parserTarget({
  name: 'metadata',
  isCanonical: false,
  parse: ({ payload }) => {
    const envelope = parseEnvelope(payload);
    if (envelope === undefined) return undefined;
    // Whatever is parsed can be verified.
    signedBytes(envelope.signed);
    return summary(readAny(envelope, payload));
  },
  seeds: () =>
    ['1.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json', '1.stable.json'].map((name) => ({
      name,
      payload: vector(name),
    })),
});

const BUILD_KEYS = readBuildKeys();

/** Two files with the same signature: one key counts once. */
export const momSignatureTarget = parserTarget({
  name: 'mom-signature',
  isCanonical: false,
  parse: ({ payload, source }) =>
    summary(verifyMom({ mom: source, signatures: [payload, payload] }, BUILD_KEYS, undefined)),
  seeds: () => [{ name: 'vector', source: vector('mom.txt'), payload: vector('mom.sig') }],
});

function readAny(envelope: Envelope, bytes: Uint8Array): unknown {
  switch (envelope.signed._type) {
    case 'timestamp':
      return readTimestamp(envelope, bytes);
    case 'snapshot':
      return readSnapshot(envelope, bytes);
    case 'targets': {
      const targets = readTargets(envelope, { bytes, role: 'targets', policy: PRODUCTION });
      const covered = targets.delegations.filter((item) => covers(item, 'stable/20/mom'));
      return { targets, covered, offers: offersOf(targets, 'stable') };
    }
    default:
      return checkRoot(readRoot(envelope, bytes, PRODUCTION));
  }
}

function checkRoot(root: Root): Root {
  const thresholds = Object.values(root.roles).map(({ threshold }) => threshold);
  if (root.version < 1 || Math.min(...thresholds) < 1)
    throw new Finding('unstable', 'a root without versions or signatures is accepted');
  return root;
}

function readBuildKeys(): RoleKeys {
  const bytes = vector('1.targets.json');
  const envelope = parseEnvelope(bytes) ?? { signed: {}, signatures: [] };
  const { delegations } = readTargets(envelope, { bytes, role: 'targets', policy: PRODUCTION });
  const build = delegations.find(({ name }) => name === BUILD_ROLE);
  return build?.role ?? { keys: new Map(), threshold: 1 };
}
