import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isRecord } from '../trust/json/parse-json.ts';
import { ed25519Bytes, ed25519PublicKey, type KeyPolicy, type PublicKey } from '../trust/keys/key-policy.ts';

/**
 * What the public conformance suite and the repositories of others sign with: ECDSA P-256, RSA-PSS and Ed25519, keys under
 * any id. For conformance only: no product imports it, so no option can loosen what a device accepts.
 */
export const CONFORMANCE: KeyPolicy = (_, key) => {
  const bytes = ed25519Bytes(key);
  if (bytes !== undefined) return ed25519PublicKey(bytes);
  if (!isRecord(key) || !isRecord(key.keyval)) return undefined;
  const { keytype, scheme, keyval } = key;
  const checks = typeof scheme === 'string' && Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (checks === undefined || typeof keytype !== 'string' || !checks.keytypes.includes(keytype))
    return undefined;
  const object = typeof keyval.public === 'string' ? readPem(keyval.public) : undefined;
  return object === undefined || !checks.fits(object) ? undefined : pemPublicKey(object);
};

interface SchemeChecks {
  readonly keytypes: readonly string[];
  fits(key: KeyObject): boolean;
}

const SCHEMES: { readonly [scheme: string]: SchemeChecks } = {
  'ecdsa-sha2-nistp256': {
    // Older repositories repeat the scheme there.
    keytypes: ['ecdsa', 'ecdsa-sha2-nistp256'],
    fits: (key) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  },
  'rsassa-pss-sha256': {
    keytypes: ['rsa'],
    fits: (key) => key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048,
  },
};

/** Longer than any key of these kinds; parsing takes a while for what is not one. */
const MAX_PEM = 8192;

function readPem(text: string): KeyObject | undefined {
  if (text.length > MAX_PEM || !text.includes('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    return createPublicKey(text);
  } catch {
    return undefined;
  }
}

function pemPublicKey(key: KeyObject): PublicKey {
  const settings =
    key.asymmetricKeyType === 'rsa'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
      : key;
  return {
    identity: key.export({ type: 'spki', format: 'der' }).toString('hex'),
    verify(signature, message) {
      try {
        return verify('sha256', message, settings, signature);
      } catch {
        return false;
      }
    },
  };
}
