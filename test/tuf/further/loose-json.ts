import type { RepositorySimulator } from '../simulator/repository-simulator.ts';

/**
 * The metadata of `role` as a careless publisher writes it: `change` alters the text of what is signed, and all signers sign
 * just that text. So only its form can be what a client refuses.
 */
export function signText(repo: RepositorySimulator, role: string, change: (text: string) => string): Buffer {
  const text = change(canonicalText(repo.metadataOf(role)));
  const signatures = [...repo.signersOf(role).values()].map(({ keyid, sign }) => ({
    keyid,
    sig: sign(Buffer.from(text)),
  }));
  return Buffer.from(`{"signatures":${JSON.stringify(signatures)},"signed":${text}}`);
}

/** Canonical JSON of text, integers and flags, which is JSON as well as long as no control characters are in it. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, child]) => `${JSON.stringify(key)}:${canonicalText(child)}`).join(',')}}`;
}
