type Value = string | number;

/** One element; its children are markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Value>>,
  ...children: readonly string[]
): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(format(value))}"`);
  return children.length === 0
    ? `<${name}${list.join('')}/>`
    : `<${name}${list.join('')}>${children.join('')}</${name}>`;
}

export function label(content: string, attributes: Readonly<Record<string, Value>>): string {
  return element('text', attributes, escapeText(content));
}

export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function format(value: Value): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}
