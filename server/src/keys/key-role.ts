/** What a key is for. A root key signs the top-level targets too, a release key the metadata of channels. */
export const KEY_ROLES = ['root', 'release', 'build', 'snapshot', 'timestamp'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

export function isKeyRole(text: string): text is KeyRole {
  return (KEY_ROLES as readonly string[]).includes(text);
}

/** The keys that sign for the metadata role `role`: all that is not at the top level is a channel, or a page of one. */
export function keyRoleOf(role: string): KeyRole {
  if (role === 'targets') return 'root';
  return isKeyRole(role) ? role : 'release';
}
