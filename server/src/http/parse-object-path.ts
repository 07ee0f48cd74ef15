import type { ObjectName } from '@swupd/manifests';

/** One component of a published name: ASCII, not hidden, so never `.`, `..` or empty. */
const COMPONENT = /^[\w-][\w.+~-]*$/;

/**
 * The published name that the path of a request asks for, or undefined where there can be none: what leaves the
 * repository, is hidden, empty, or has a character that published names don't have. An attacker controls `path`. It is
 * split before it is decoded, so an encoded slash is a part of a component, and refused as such.
 */
export function parseObjectPath(path: string): ObjectName | undefined {
  if (!path.startsWith('/')) return undefined;
  const components = path.slice(1).split('/').map(decode);
  const legal = components.every((component) => component !== undefined && COMPONENT.test(component));
  return legal ? (components.join('/') as ObjectName) : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
