import { expect, test } from 'vitest';
import { replaceSection } from './docs-section.ts';

const PAGE = 'before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n';

test('only what stands between the markers changes, and can change again', () => {
  const once = replaceSection(PAGE, 'figures', 'new $& table\n');
  expect(once).toBe('before\n<!-- figures -->\n\nnew $& table\n\n<!-- /figures -->\nafter\n');
  expect(replaceSection(once, 'figures', 'new $& table')).toBe(once);
});

test.each(['none', '<!-- figures --> only the start', '<!-- /figures --> <!-- figures -->'])(
  'a page without both markers in their order is refused: %s',
  (page) => {
    expect(() => replaceSection(page, 'figures', 'new')).toThrow(/no section/);
  },
);
