import { type Node, parse } from 'acorn';

/** Source text that counts which of its branches run. */
export interface Instrumented {
  readonly text: string;
  /** How many branches it has: they take the numbers from the first one on. */
  readonly edges: number;
}

/** Where the text of an instrumented module finds its counters, and tells of the memory that it takes. */
export const GLOBAL = '__fuzz';
const BUFFERS = /^(?:Uint|Int|Float|BigInt|BigUint)\d+(?:Clamped)?Array$|^ArrayBuffer$/;

/**
 * JavaScript that does the same as `source` (an ES module) and counts each function entry, branch (also the one of an `if`
 * without `else`), loop round and case in `globalThis.__fuzz.edges`, numbered from `first` on.
 */
export function instrument(source: string, first: number): Instrumented {
  const writer = new Insertions(source, first);
  visit(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), writer);
  const prelude = `const { edges: __edges, allocated: __allocated } = globalThis.${GLOBAL};`;
  return { text: prelude + writer.text(), edges: writer.edges };
}

type Fields = Readonly<Record<string, unknown>>;

function visit(node: Node, writer: Insertions): void {
  const fields = node as unknown as Fields;
  const close = open(node, fields, writer);
  for (const value of Object.values(fields)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, writer);
  }
  // Behind what the children close: theirs end first.
  for (const after of close.reverse()) after();
}

/** Inserts what stands before the children of `node`; gives what to insert behind them, outermost first. */
function open(node: Node, fields: Fields, writer: Insertions): (() => void)[] {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'CatchClause':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return [branch(fields.body, writer)];
    case 'IfStatement':
      return [elseOf(node, fields.alternate, writer), branch(fields.consequent, writer)];
    case 'ConditionalExpression':
      return [branch(fields.alternate, writer), branch(fields.consequent, writer)];
    case 'LogicalExpression':
      return [branch(fields.right, writer)];
    case 'SwitchCase': {
      const [body] = fields.consequent as unknown[];
      if (isNode(body)) writer.insert(body.start, writer.count());
      return [];
    }
    case 'NewExpression':
      return isAllocation(fields) ? [wrap(node, '__allocated(', ')', writer)] : [];
    default:
      return [];
  }
}

function branch(body: unknown, writer: Insertions): () => void {
  if (!isNode(body)) return () => {};
  if (body.type === 'BlockStatement') {
    writer.insert(body.start + 1, writer.count());
    return () => {};
  }
  return body.type.endsWith('Statement') || body.type.endsWith('Declaration')
    ? wrap(body, `{${writer.count()}`, '}', writer)
    : wrap(body, `(${writer.count().replace(';', ',')}`, ')', writer);
}

function elseOf(node: Node, alternate: unknown, writer: Insertions): () => void {
  if (isNode(alternate)) return branch(alternate, writer);
  const text = ` else {${writer.count()}}`;
  return () => writer.insertBehind(node.end, text);
}

function wrap(node: Node, before: string, after: string, writer: Insertions): () => void {
  writer.insert(node.start, before);
  return () => writer.insertBehind(node.end, after);
}

/** A buffer of a given size, rather than a view of one that there is. */
function isAllocation(fields: Fields): boolean {
  const callee = fields.callee as Fields;
  return (
    callee.type === 'Identifier' &&
    BUFFERS.test(String(callee.name)) &&
    (fields.arguments as unknown[]).length === 1
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}

/** Texts to put into another one, at places that are found in any order. */
class Insertions {
  readonly #source: string;
  readonly #first: number;
  readonly #before = new Map<number, string>();
  readonly #behind = new Map<number, string>();
  edges = 0;

  constructor(source: string, first: number) {
    this.#source = source;
    this.#first = first;
  }

  /** A statement that counts, with the next number. */
  count(): string {
    this.edges += 1;
    return `__edges[${this.#first + this.edges - 1}]++;`;
  }

  /** Before what starts at `at`, and inside of what was inserted there before. */
  insert(at: number, text: string): void {
    this.#before.set(at, (this.#before.get(at) ?? '') + text);
  }

  /** Behind what ends at `at`, and before what starts there. */
  insertBehind(at: number, text: string): void {
    this.#behind.set(at, (this.#behind.get(at) ?? '') + text);
  }

  text(): string {
    const places = [...new Set([...this.#before.keys(), ...this.#behind.keys()])].sort((a, b) => a - b);
    let text = '';
    let done = 0;
    for (const at of places) {
      text += this.#source.slice(done, at) + (this.#behind.get(at) ?? '') + (this.#before.get(at) ?? '');
      done = at;
    }
    return text + this.#source.slice(done);
  }
}
