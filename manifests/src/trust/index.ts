export { canonicalJson, type Json } from './json/canonical-json.ts';
export { isRecord, parseJson } from './json/parse-json.ts';
export { ed25519Key, keyIdOf } from './keys/key.ts';
export {
  ed25519Bytes,
  ed25519PublicKey,
  type KeyPolicy,
  PRODUCTION,
  type PublicKey,
} from './keys/key-policy.ts';
export { meetsThreshold, type RoleKeys, readRoleKeys } from './keys/role-keys.ts';
export type { Signature } from './keys/signature.ts';
export { covers, type Delegation, type DelegationInput } from './metadata/delegation.ts';
export {
  type Envelope,
  formatEnvelope,
  isSignedBy,
  parseEnvelope,
  type SignedFields,
  signEnvelope,
  signedBytes,
  signMessage,
} from './metadata/envelope.ts';
export { type FileMeta, type FileRef, type Hashes, hasHashes } from './metadata/file-meta.ts';
export { matchesPath } from './metadata/match-path.ts';
export type { Metadata } from './metadata/metadata.ts';
export { fileNameOf, ROLES, type RoleName, SPEC_VERSION } from './metadata/role-name.ts';
export { type KeysInput, type Root, type RootInput, readRoot, rootFields } from './metadata/root.ts';
export { readSnapshot, type Snapshot, type SnapshotInput, snapshotFields } from './metadata/snapshot.ts';
export {
  readTargets,
  type TargetFile,
  type TargetInput,
  type Targets,
  type TargetsInput,
  targetsFields,
} from './metadata/targets.ts';
export { readTimestamp, type Timestamp, type TimestampInput, timestampFields } from './metadata/timestamp.ts';
export { formatTime, parseTime } from './metadata/utc-time.ts';
export {
  BUILD_ROLE,
  buildKeys,
  type ChannelPage,
  loadChannel,
  loadOlderPage,
} from './release/load-channel.ts';
export {
  channelPaths,
  formatOffer,
  isChannelName,
  type Offer,
  offerPath,
  offersOf,
  readOffer,
} from './release/offer.ts';
export { planStops } from './release/plan-stops.ts';
export {
  formatMomSignature,
  isMomSigned,
  type MomFiles,
  type MomRef,
  signMom,
  verifyMom,
} from './release/verify-mom.ts';
export { TRUST_ERRORS, TrustError } from './trust-error.ts';
export { acceptRoot } from './trusted-set/accept-root.ts';
export { acceptSnapshot, keepSnapshot, rememberSnapshot } from './trusted-set/accept-snapshot.ts';
export {
  acceptTargets,
  keepTargets,
  type TargetsRole,
  topLevelTargets,
  trustedTargets,
} from './trusted-set/accept-targets.ts';
export {
  acceptTimestamp,
  type Remembered,
  raiseClock,
  rememberTimestamp,
} from './trusted-set/accept-timestamp.ts';
export { parseRoot } from './trusted-set/parse-root.ts';
export {
  checkExpiry,
  delegatedKey,
  openTrust,
  type TrustedSet,
  type TrustInput,
} from './trusted-set/trusted-set.ts';
export { type FoundTarget, findTarget } from './workflow/find-target.ts';
export { metadataName, rootName } from './workflow/metadata-name.ts';
export { type RefreshInput, refreshTrust, walkRoots } from './workflow/refresh-trust.ts';
export { rememberTrust } from './workflow/remember-trust.ts';
export { driveTrust, type TrustRequest, type TrustRun } from './workflow/trust-run.ts';
