/** The roles that every root names. TUF 1.0.34, section 2.1. */
export const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
export type RoleName = (typeof ROLES)[number];

export const SPEC_VERSION = '1.0.34';

/** What a role's metadata is called in a message. */
export function titleOf(role: string): string {
  return role === 'root' ? 'the root metadata' : `${role}.json`;
}

/**
 * The name of a role's file, without version: percent-encoded, so that a role called `../x` is a file like any other. Only
 * letters, digits and `_.-~` stand for themselves.
 */
export function fileNameOf(role: string): string {
  return `${encodeURIComponent(role).replace(/[!'()*]/g, percent)}.json`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
