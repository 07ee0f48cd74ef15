import { type Node, parse } from 'acorn';
import type { Mutant } from './mutant.ts';
import { type Change, changesOf, type Fields } from './mutate-node.ts';

/**
 * All mutants of an ES module in JavaScript, in the order of the text; the same for the same text. What is left out is said in
 * `isForPeople`: a test that asserts words would only stand in the way of better ones.
 */
export function findMutants(source: string): Mutant[] {
  const mutants: Mutant[] = [];
  visit(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), undefined, (node, parent) => {
    for (const change of changesOf(node, parent, source)) mutants.push(mutantOf(change, source));
  });
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

type Visitor = (node: Node, parent: Node | undefined) => void;

function visit(node: Node, parent: Node | undefined, visitor: Visitor): void {
  visitor(node, parent);
  for (const [key, value] of Object.entries(node as unknown as Fields)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child) && !isForPeople(key, child, node)) visit(child, node, visitor);
  }
}

/** Where modules come from, and messages, hints and summaries: a text with a blank that a function is given is a sentence. */
function isForPeople(key: string, child: Node, parent: Node): boolean {
  const fields = parent as unknown as Fields;
  switch (parent.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return key === 'source';
    case 'NewExpression':
    case 'CallExpression':
      return key === 'arguments' && isSentence(child);
    case 'Property':
      return key === 'value' && /^(?:hint|summary|message)$/.test(nameOf(fields.key));
    default:
      return false;
  }
}

function isSentence(node: Node): boolean {
  const { value, quasis = [] } = node as unknown as {
    value?: unknown;
    quasis?: { value: { raw: string } }[];
  };
  const texts = [value, ...quasis.map((quasi) => quasi.value.raw)];
  return texts.some((text) => typeof text === 'string' && text.includes(' '));
}

function nameOf(node: unknown): string {
  return String((node as Fields).name ?? '');
}

function mutantOf({ start, end, replacement }: Change, source: string): Mutant {
  const line = source.slice(0, start).split('\n').length;
  const what = `${clip(source.slice(start, end))} becomes ${clip(replacement)}`;
  return { start, end, replacement, line, what };
}

/** A text as a part of one line. */
function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}

const MOST = 60;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}
