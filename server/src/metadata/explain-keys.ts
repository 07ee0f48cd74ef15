import { BUILD_ROLE, channelPaths, type DelegationInput, type KeysInput } from '@swupd/manifests/trust';
import { keyIdsOf } from './policy.ts';

/** The keys of a role before and after a change. */
export interface KeyChange {
  readonly title: string;
  readonly before: KeysInput | undefined;
  readonly after: KeysInput;
}

/** Keys that come and go, each with all that it signs. */
export function explainKeys(changes: readonly KeyChange[]): string[] {
  const signs = new Map<string, string[]>();
  const note = (line: string, title: string): void => {
    signs.set(line, [...(signs.get(line) ?? []), title]);
  };
  for (const { title, before, after } of changes) {
    const [had, has] = [keyIdsOf(before), keyIdsOf(after)];
    for (const id of has) if (!had.includes(id)) note(`+ key ${id} signs`, title);
    for (const id of had) if (!has.includes(id)) note(`- key ${id} no more signs`, title);
    if (had.join() !== has.join() || before?.threshold !== after.threshold)
      note(`  ${after.threshold} of ${has.length} keys have to sign`, title);
  }
  const order = [...signs].sort(([a], [b]) => '+- '.indexOf(a.charAt(0)) - '+- '.indexOf(b.charAt(0)));
  return order.map(([line, titles]) => `${line} ${titles.join(', ')}`);
}

/** A delegation that speaks for other paths than those of its channel is none of ours. */
export function explainPaths({ name, paths }: DelegationInput): string[] {
  const usual = name === BUILD_ROLE ? [] : channelPaths(name.split('.', 1)[0] ?? name);
  if (paths.join('\n') === usual.join('\n')) return [];
  return [`! ${name} speaks for ${paths.length === 0 ? 'nothing' : paths.join(', ')}`];
}
