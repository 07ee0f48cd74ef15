export * from './bundle-closure.ts';
export * from './delta-index-codec.ts';
export * from './difference.ts';
export * from './entry.ts';
export * from './format-error.ts';
export * from './layout.ts';
export * from './manifest-blobs.ts';
export { formatManifest, MANIFEST_FORMAT, parseManifest } from './manifest-codec.ts';
export * from './mom.ts';
export { formatMom, MOM_FORMAT, parseMom } from './mom-codec.ts';
export * from './pack-codec.ts';
export {
  type MemberBlob,
  type MemberFilter,
  memberBlobs,
  memberLength,
  memberSources,
  membersSize,
  type PackBlobs,
  type PackMember,
  type SingleMember,
} from './pack-member.ts';
export * from './system-tree.ts';
