/**
 * Whether a delegation's pattern covers `path`: `*` stands for any characters and `?` for one, never for a slash
 * (TUF 1.0.34, PATHPATTERN in section 4.5). Both come from outside: the time is at most their product.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const patterns = pattern.split('/');
  const parts = path.split('/');
  return patterns.length === parts.length && patterns.every((part, i) => matchesPart(part, parts[i] ?? ''));
}

/** Goes back to the last `*` only: what an earlier one has swallowed is never worth another try. */
function matchesPart(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let swallowed = 0;
  while (next < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      swallowed = next;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++swallowed;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
