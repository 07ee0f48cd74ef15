import { BUILD_ROLE, type DelegationInput } from '@swupd/manifests/trust';
import { explainKeys, explainPaths } from './explain-keys.ts';
import { explainPage } from './explain-page.ts';
import { keyIdsOf, type Policy, signersOf } from './policy.ts';

/**
 * What the metadata of `role` changes, in words, a line each: for whoever is to sign it. `before` is what is published, undefined for a
 * repository that is founded. Everything in `after` may come from somebody who wants a signature that he should not get, so nothing
 * that is new is left out.
 */
export function explainChange(role: string, before: Policy | undefined, after: Policy): string[] {
  const lines = explainContent(role, before, after);
  if (lines.length > 0) return lines;
  const isSameSigners =
    before !== undefined &&
    keyIdsOf(signersOf(before, role)).join() === keyIdsOf(signersOf(after, role)).join();
  return [
    isSameSigners
      ? '= says the same as before, for longer'
      : '= says the same as before, signed by other keys',
  ];
}

function explainContent(role: string, before: Policy | undefined, after: Policy): string[] {
  if (role === 'root') return explainRoot(before, after);
  return role === 'targets' ? explainTargets(before, after) : explainPage(role, before, after);
}

function explainRoot(before: Policy | undefined, after: Policy): string[] {
  const { product = '(none)' } = after;
  return [
    ...(before?.product === after.product ? [] : [`+ product: ${product}`]),
    ...explainKeys(
      (['root', 'targets', 'snapshot', 'timestamp'] as const).map((role) => ({
        title: role,
        before: before?.roles[role],
        after: after.roles[role],
      })),
    ),
  ];
}

function explainTargets(before: Policy | undefined, after: Policy): string[] {
  const find = (policy: Policy | undefined, name: string): DelegationInput | undefined =>
    policy?.delegations.find((delegation) => delegation.name === name);
  const gone = (before?.delegations ?? []).filter(({ name }) => find(after, name) === undefined);
  return [
    ...after.delegations
      .filter(({ name }) => find(before, name) === undefined && name !== BUILD_ROLE)
      .map(({ name }) => `+ channel ${name}`),
    ...gone.map(({ name }) => `- channel ${name}`),
    ...after.delegations.flatMap(explainPaths),
    ...explainKeys(
      after.delegations.map((delegation) => ({
        title: delegation.name === BUILD_ROLE ? 'builds' : `the channel ${delegation.name}`,
        before: find(before, delegation.name),
        after: delegation,
      })),
    ),
  ];
}
