import type { Inspection } from './inspection.ts';
import type { RoleState } from './role-state.ts';

/** Names that a note lists; of more it tells the number. */
const LISTED = 5;

/** Files that nothing signed refers to. What would refer to them must have been read, so that is asked first. */
export async function findUnreferenced(
  { source, findings, seen }: Inspection,
  roles: readonly RoleState[],
): Promise<void> {
  const isBlind = findings.list.some(
    ({ severity, name }) => severity === 'problem' && /^(?:metadata|releases|documents)\//.test(name),
  );
  const names = isBlind ? undefined : await source.list();
  const others = (names ?? []).filter((name) => !seen.has(name) && !isHistory(name, roles)).sort();
  for (const [folder, own] of Map.groupBy(others, folderOf)) {
    const listed = own.slice(0, LISTED).join(', ');
    const more = own.length > LISTED ? `, and ${own.length - LISTED} more` : '';
    findings.add('unreferenced', folder, `nothing refers to ${listed}${more}`);
  }
}

/** Metadata of earlier versions: what devices may still be on the way through. */
function isHistory(name: string, roles: readonly RoleState[]): boolean {
  const [, version, role] = /^metadata\/([0-9]+)\.(.+)\.json$/.exec(name) ?? [];
  return roles.some((state) => state.role === role && Number(version) < state.version);
}

function folderOf(name: string): string {
  return name.includes('/') ? `${name.split('/')[0]}/` : './';
}
