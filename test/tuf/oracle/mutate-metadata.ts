import type { Random } from '../../fuzz/random.ts';
import { DRAFT_ROLES, type DraftRepository, type Mutation, writePlain } from './draft.ts';
import { editNode } from './edit-node.ts';
import { changeSignatures, respellText, spoilBytes } from './spoil-file.ts';

/** Changes `draft` in place, or says how the file is to be written or spoilt. The same for the same numbers. */
export function mutateMetadata(draft: DraftRepository, random: Random): Mutation {
  const role = random.pick(DRAFT_ROLES);
  const mutation = { role, write: writePlain, spoil: (bytes: Buffer): Buffer => bytes };
  switch (random.below(10)) {
    case 0:
      return { ...mutation, ...spoilBytes(random) };
    case 1:
      return { ...mutation, ...changeSignatures(random) };
    case 2:
      return { ...mutation, ...respellText(random) };
    default:
      return { ...mutation, what: editNode(draft.signed[role], random) };
  }
}
