export { canonicalJson, type Json } from './canonical-json.ts';
export { type Envelope, parseEnvelope, type RoleKeys, type Signature } from './envelope.ts';
export { ed25519Key, type Key, keyIdOf } from './key.ts';
export { formatMomSignatures, type MomFiles, verifyMom } from './mom-signature.ts';
export {
  checkPointer,
  formatPointer,
  type Pointer,
  type PointerContext,
  parsePointer,
  type ReleaseRef,
} from './pointer.ts';
export {
  formatRoot,
  parseRoot,
  ROLES,
  type RoleName,
  type Root,
  type RootInput,
  SPEC_VERSION,
} from './root.ts';
export { TRUST_ERRORS, TrustError } from './trust-error.ts';
export { formatTime, parseTime } from './utc-time.ts';
