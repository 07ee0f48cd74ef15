import type { Node } from 'acorn';

/** What may stand in place of a part of the text. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** What may stand for each operator: the boundary moved, and the opposite. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '++': ['--'],
  '--': ['++'],
};

const METHODS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  min: 'max',
  max: 'min',
};

/** The changes of one node by itself. Those of its children are theirs. */
export function changesOf(node: Node, parent: Node | undefined, source: string): Change[] {
  const fields = node as unknown as Fields;
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return isJoining(fields) ? [] : operatorChanges(fields, source);
    case 'UpdateExpression':
      return updateChanges(node, fields);
    case 'UnaryExpression':
      return fields.operator === '!' || fields.operator === '-'
        ? [replace(node, textOf(fields.argument, source))]
        : [];
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return conditionChanges(fields.test as Node);
    case 'Literal':
      return literalChanges(node, fields);
    case 'TemplateLiteral':
      return [replace(node, "''")];
    case 'ArrayExpression':
      return (fields.elements as unknown[]).length === 0 ? [] : [replace(node, '[]')];
    case 'MemberExpression':
      return methodChanges(fields);
    case 'ReturnStatement':
      return isNothing(fields.argument) ? [] : [replace(node, 'return;')];
    case 'ThrowStatement':
    case 'ExpressionStatement':
    case 'ContinueStatement':
    case 'BreakStatement':
      return isAlone(node, parent) ? [] : [replace(node, ';')];
    default:
      return [];
  }
}

/** `return undefined` says no more than `return`. */
function isNothing(argument: unknown): boolean {
  return argument === null || (argument as Fields).name === 'undefined';
}

/** Whether an `if` has nothing else to do: its condition becomes false instead. */
function isAlone(node: Node, parent: Node | undefined): boolean {
  const fields = parent as unknown as Fields | undefined;
  return parent?.type === 'IfStatement' && fields?.consequent === node && fields.alternate === null;
}

/** `+` between texts: its opposite is no program that anybody could have meant. */
function isJoining({ operator, left, right }: Fields): boolean {
  return operator === '+' && [left, right].some((side) => /^["'`]|^Template/.test(kindOf(side as Node)));
}

function kindOf(node: Node): string {
  const { raw } = node as unknown as Fields;
  return typeof raw === 'string' ? raw : node.type;
}

function operatorChanges({ operator, left, right }: Fields, source: string): Change[] {
  const [from, to] = [(left as Node).end, (right as Node).start];
  const start = from + source.slice(from, to).indexOf(String(operator));
  return (OPERATORS[String(operator)] ?? []).map((other) => ({
    start,
    end: start + String(operator).length,
    replacement: other,
  }));
}

function updateChanges(node: Node, { operator, prefix }: Fields): Change[] {
  const start = prefix === true ? node.start : node.end - 2;
  return (OPERATORS[String(operator)] ?? []).map((other) => ({
    start,
    end: start + 2,
    replacement: other,
  }));
}

/** A loop that never ends says nothing; one that is never entered does. */
function conditionChanges(test: Node): Change[] {
  return ['true', 'false'].map((value) => replace(test, value));
}

function literalChanges(node: Node, { value, regex, raw }: Fields): Change[] {
  if (regex !== undefined) return anchorChanges(node, String(raw));
  if (typeof value === 'boolean') return [replace(node, String(!value))];
  if (typeof value === 'string') return [replace(node, value === '' ? "'x'" : "''")];
  if (typeof value !== 'number') return [];
  const others = value > 0 ? [value + 1, value - 1] : [value + 1];
  return others.map((other) => replace(node, String(other)));
}

/** Anchors of a pattern: without one it accepts what stands around a good text. */
function anchorChanges(node: Node, raw: string): Change[] {
  const changes: Change[] = [];
  if (raw.startsWith('/^')) changes.push(replace(node, `/${raw.slice(2)}`));
  const end = raw.lastIndexOf('/');
  if (raw[end - 1] === '$' && raw[end - 2] !== '\\')
    changes.push(replace(node, raw.slice(0, end - 1) + raw.slice(end)));
  return changes;
}

function methodChanges({ property, computed }: Fields): Change[] {
  const name = String((property as Fields).name);
  const other = computed === true || !Object.hasOwn(METHODS, name) ? undefined : METHODS[name];
  return other === undefined ? [] : [replace(property as Node, other)];
}

function replace({ start, end }: Node, replacement: string): Change {
  return { start, end, replacement };
}

function textOf(node: unknown, source: string): string {
  const { start, end } = node as Node;
  return source.slice(start, end);
}
