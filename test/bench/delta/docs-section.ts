/**
 * `page` with `content` between its markers `<!-- NAME -->` and `<!-- /NAME -->`; the rest stays as it is.
 * @throws Error where the page has no such markers
 */
export function replaceSection(page: string, name: string, content: string): string {
  const start = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no section between ${start} and ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${content.trim()}\n\n${page.slice(to)}`;
}
