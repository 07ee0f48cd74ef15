import { canonicalJson, isRecord, type Json, type TargetInput } from '@swupd/manifests/trust';
import { formatCount } from '@swupd/shared/terminal';
import { explainPaths } from './explain-keys.ts';
import { keyIdsOf, type Policy, signersOf } from './policy.ts';

/** What one page of a channel changes. */
export function explainPage(role: string, before: Policy | undefined, after: Policy): string[] {
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
  return [...added, ...gone, ...explainOlderPages(role, before, after)];
}

/** Who signs a page signs whom else it lets speak: that may be nobody but the keys of the channel itself. */
function explainOlderPages(role: string, before: Policy | undefined, after: Policy): string[] {
  const own = keyIdsOf(signersOf(after, role));
  const threshold = signersOf(after, role)?.threshold ?? 0;
  const cut = (before?.pages.get(role)?.delegations ?? [])
    .filter(({ name }) => signersOf(after, name) === undefined)
    .map(({ name }) => `- offers the builds of the page ${name} no more`);
  const others = (after.pages.get(role)?.delegations ?? []).flatMap((delegation) => {
    const ids = keyIdsOf(delegation);
    const isOwn = ids.join() === own.join() && delegation.threshold === threshold;
    return [
      ...explainPaths(delegation),
      ...(isOwn
        ? []
        : [`! ${delegation.threshold} of OTHER KEYS sign ${delegation.name}: ${ids.join(', ')}`]),
    ];
  });
  return [...cut, ...others];
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
