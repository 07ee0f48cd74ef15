import { isSignedBy } from '../metadata/envelope.ts';
import { readRoot } from '../metadata/root.ts';
import { TrustError } from '../trust-error.ts';
import { openEnvelope } from './open-envelope.ts';
import { checkLimit, limitOf, mismatch, type TrustedSet, unsigned } from './trusted-set.ts';

/**
 * Takes the root that follows the trusted one: signed by the threshold of the old root's keys and by that of its own
 * (TUF 5.3.4), with just the next version (5.3.5), of the same product. Its expiry counts when the chain has ended.
 * @throws TrustError `unsigned-metadata`, `metadata-mismatch`, `bad-metadata`, `wrong-product`
 */
export function acceptRoot(set: TrustedSet, bytes: Uint8Array): TrustedSet {
  checkLimit('root', bytes, limitOf('root'));
  const envelope = openEnvelope('root', bytes);
  if (!isSignedBy(envelope, set.root.roles.root)) throw unsigned('root');
  const root = readRoot(envelope, bytes, set.policy);
  if (!isSignedBy(envelope, root.roles.root)) throw unsigned('root');
  if (root.version !== set.root.version + 1)
    throw mismatch('root', `it is version ${root.version}, not ${set.root.version + 1}`);
  if (root.product !== set.root.product) throw wrongProduct('root', root.product, set.root.product);
  return { ...set, root };
}

/** The repository of one product can't pass for that of another one, though the same people sign both. */
export function wrongProduct(role: string, offered = 'none', wanted = 'none'): TrustError {
  return new TrustError('wrong-product', `${role}.json is of the product '${offered}', not of '${wanted}'`, {
    details: { role, offered, wanted },
    hint: 'Check the address of the repository: it belongs to other devices.',
  });
}
