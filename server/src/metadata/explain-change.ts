import {
  BUILD_ROLE,
  canonicalJson,
  channelPaths,
  type DelegationInput,
  isRecord,
  type Json,
  type KeysInput,
  keyIdOf,
  type TargetInput,
} from '@swupd/manifests/trust';
import { formatCount } from '@swupd/shared/terminal';
import { type Policy, signersOf } from './policy.ts';

/**
 * What the metadata of `role` changes, in words, a line each: for whoever is to sign it. `before` is what is published, undefined for a
 * repository that is founded. Everything in `after` may come from somebody who wants a signature that he should not get, so nothing
 * that is new is left out.
 */
export function explainChange(role: string, before: Policy | undefined, after: Policy): string[] {
  const lines = explainContent(role, before, after);
  if (lines.length > 0) return lines;
  const isSameSigners =
    before !== undefined && idsOf(signersOf(before, role)).join() === idsOf(signersOf(after, role)).join();
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

/** A delegation that speaks for other paths than those of its channel is none of ours. */
function explainPaths({ name, paths }: DelegationInput): string[] {
  const usual = name === BUILD_ROLE ? [] : channelPaths(name.split('.', 1)[0] ?? name);
  if (paths.join('\n') === usual.join('\n')) return [];
  return [`! ${name} speaks for ${paths.length === 0 ? 'nothing' : paths.join(', ')}`];
}

interface KeyChange {
  readonly title: string;
  readonly before: KeysInput | undefined;
  readonly after: KeysInput;
}

/** Keys that come and go, each with all that it signs. */
function explainKeys(changes: readonly KeyChange[]): string[] {
  const signs = new Map<string, string[]>();
  const note = (line: string, title: string): void => {
    signs.set(line, [...(signs.get(line) ?? []), title]);
  };
  for (const { title, before, after } of changes) {
    const [had, has] = [idsOf(before), idsOf(after)];
    for (const id of has) if (!had.includes(id)) note(`+ key ${id} signs`, title);
    for (const id of had) if (!has.includes(id)) note(`- key ${id} no more signs`, title);
    if (had.join() !== has.join() || before?.threshold !== after.threshold)
      note(`  ${after.threshold} of ${has.length} keys have to sign`, title);
  }
  const order = [...signs].sort(([a], [b]) => '+- '.indexOf(a.charAt(0)) - '+- '.indexOf(b.charAt(0)));
  return order.map(([line, titles]) => `${line} ${titles.join(', ')}`);
}

function idsOf(group: KeysInput | undefined): string[] {
  return (group?.keys ?? []).map(keyIdOf).sort();
}

function explainPage(role: string, before: Policy | undefined, after: Policy): string[] {
  const old = before?.pages.get(role)?.targets ?? {};
  const now = after.pages.get(role)?.targets ?? {};
  const added = Object.entries(now).flatMap(([path, target]) => {
    const known = old[path] ?? findTarget(before, path)?.target;
    if (known === undefined) return [`+ offers ${describe(path, target)}`];
    if (!isSame(known, target)) return [`! offers ANOTHER ${describe(path, target)} THAN BEFORE`];
    return old[path] === undefined ? [`  takes over the offer of ${buildOf(path)} from another page`] : [];
  });
  const gone = Object.keys(old).flatMap((path) => {
    if (now[path] !== undefined) return [];
    const elsewhere = findTarget(after, path);
    return [
      elsewhere === undefined
        ? `- offers ${buildOf(path)} no more`
        : `  gives the offer of ${buildOf(path)} to the page ${elsewhere.page}`,
    ];
  });
  return [...added, ...gone, ...explainOlderPages(role, after)];
}

/** Who signs a page signs whom else it lets speak: that may be nobody but the keys of the channel itself. */
function explainOlderPages(role: string, after: Policy): string[] {
  const own = idsOf(signersOf(after, role));
  const threshold = signersOf(after, role)?.threshold ?? 0;
  return (after.pages.get(role)?.delegations ?? []).flatMap((delegation) => {
    const ids = idsOf(delegation);
    const isOwn = ids.join() === own.join() && delegation.threshold === threshold;
    return [
      ...explainPaths(delegation),
      ...(isOwn
        ? []
        : [`! ${delegation.threshold} of OTHER KEYS sign ${delegation.name}: ${ids.join(', ')}`]),
    ];
  });
}

function findTarget(
  policy: Policy | undefined,
  path: string,
): { readonly page: string; readonly target: TargetInput } | undefined {
  for (const [page, { targets }] of policy?.pages ?? []) {
    const target = targets[path];
    if (target !== undefined) return { page, target };
  }
  return undefined;
}

/** `build 30 (4,030 bytes, SHA-256 …; barrier, only from build 20 on)` */
function describe(path: string, { length, hashes, custom }: TargetInput): string {
  const conditions = isRecord(custom) ? Object.entries(custom).map(describeCondition) : [];
  const more = conditions.length === 0 ? '' : `; ${conditions.join(', ')}`;
  return `${buildOf(path)} (MoM of ${formatCount(length)} bytes, SHA-256 ${hashes.sha256}${more})`;
}

function describeCondition([name, value]: readonly [string, Json]): string {
  if (name === 'minFrom') return `only from build ${value} on`;
  if (name === 'reason') return `reason: ${value}`;
  return value === true ? name : `${name}: ${canonicalJson(value)}`;
}

/** `build 30`; a path of another form as it is. */
function buildOf(path: string): string {
  const [, version, file] = path.split('/');
  return file === 'mom' ? `build ${version}` : path;
}

function isSame(a: TargetInput, b: TargetInput): boolean {
  return canonicalJson(a as unknown as Json).equals(canonicalJson(b as unknown as Json));
}
