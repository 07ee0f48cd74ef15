import {
  BUILD_ROLE,
  canonicalJson,
  isRecord,
  type Json,
  type KeysInput,
  keyIdOf,
  type TargetInput,
} from '@swupd/manifests/trust';
import { formatCount } from '@swupd/shared/terminal';
import { channelsOf, type Policy, signersOf } from './policy.ts';

/**
 * What the metadata of `role` changes, in words, a line each: for whoever is to sign it. `before` is what is published, undefined for a
 * repository that is founded. Everything in `after` may come from somebody who wants a signature that he should not get, so nothing
 * that is new is left out.
 */
export function explainChange(role: string, before: Policy | undefined, after: Policy): string[] {
  const lines =
    role === 'root' || role === 'targets' ? [] : explainSigners(role, before, after, 'signs this channel');
  if (role === 'root') lines.push(...explainRoot(before, after));
  else if (role === 'targets') lines.push(...explainTargets(before, after));
  else lines.push(...explainPage(role, before, after));
  return lines.length === 0 ? ['= says the same as before, for longer'] : lines;
}

function explainRoot(before: Policy | undefined, after: Policy): string[] {
  const { product = '(none)' } = after;
  const lines = before?.product === after.product ? [] : [`+ product: ${product}`];
  for (const role of ['root', 'targets', 'snapshot', 'timestamp'] as const) {
    lines.push(...explainSigners(role, before, after, `signs ${role}`));
  }
  return lines;
}

function explainTargets(before: Policy | undefined, after: Policy): string[] {
  const names = (policy: Policy | undefined): string[] =>
    policy === undefined ? [] : channelsOf(policy).map(({ name }) => name);
  const had = names(before);
  const has = names(after);
  return [
    ...has.filter((name) => !had.includes(name)).map((name) => `+ channel ${name}`),
    ...had.filter((name) => !has.includes(name)).map((name) => `- channel ${name}`),
    ...explainSigners(BUILD_ROLE, before, after, 'signs builds'),
    ...has.flatMap((name) => explainSigners(name, before, after, `signs the channel ${name}`)),
  ];
}

function explainSigners(role: string, before: Policy | undefined, after: Policy, what: string): string[] {
  const old: KeysInput | undefined = before && signersOf(before, role);
  const now = signersOf(after, role);
  const had = (old?.keys ?? []).map(keyIdOf);
  const has = (now?.keys ?? []).map(keyIdOf);
  const lines = [
    ...has.filter((id) => !had.includes(id)).map((id) => `+ key ${id} ${what}`),
    ...had.filter((id) => !has.includes(id)).map((id) => `- key ${id} ${what} no more`),
  ];
  if (lines.length > 0 || old?.threshold !== now?.threshold)
    lines.push(
      `  ${what.replace(/^signs/, 'for')}: ${now?.threshold ?? 0} of ${has.length} keys have to sign`,
    );
  return lines;
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
  return [...added, ...gone];
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
