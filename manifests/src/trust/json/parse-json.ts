import { LIMITS } from '@swupd/shared';
import type { Json } from './canonical-json.ts';

/**
 * JSON in `bytes`, which anybody may have written: valid UTF-8, not deeper than the limit, integers only, no key twice in an
 * object, no half of a character; undefined otherwise. What comes back can be put into canonical form.
 */
export function parseJson(bytes: Uint8Array): Json | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text) as Json;
    const members = countMembers(value, LIMITS.jsonDepth);
    return members === countColons(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Members of all objects in `value`; undefined where it is too deep, or has a number that is no integer, or a text that has no
 * canonical form: half of a surrogate pair can be written as an escape, but not in UTF-8.
 */
function countMembers(value: Json, depth: number): number | undefined {
  if (depth === 0) return undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 0 : undefined;
  if (typeof value === 'string') return value.isWellFormed() ? 0 : undefined;
  if (typeof value !== 'object' || value === null) return 0;
  if (!Object.keys(value).every((key) => key.isWellFormed())) return undefined;
  const children = Object.values(value) as Json[];
  let members = Array.isArray(value) ? 0 : children.length;
  for (const child of children) {
    const inside = countMembers(child, depth - 1);
    if (inside === undefined) return undefined;
    members += inside;
  }
  return members;
}

/**
 * Colons outside of strings in a text that is valid JSON: one for each member as it is written. A parser keeps one member of
 * those with the same key, so a text with more colons than members has a key twice.
 */
function countColons(text: string): number {
  let colons = 0;
  for (const [token] of text.matchAll(STRING_OR_COLON)) if (token === ':') colons++;
  return colons;
}

const STRING_OR_COLON = /"(?:[^"\\]|\\.)*"|:/gs;
