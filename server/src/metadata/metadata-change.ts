import type { SignedFields } from '@swupd/manifests/trust';

/**
 * Signed parts that are published together, each one version above what is published: root and targets, and the metadata of
 * channels by role name, pages of older builds (`stable.1`) included.
 */
export type MetadataChange = {
  readonly root?: SignedFields;
  readonly targets?: SignedFields;
  readonly channels: ReadonlyMap<string, SignedFields>;
};
