/**
 * What a function without a name of its own is called that is handed to a call: "on('data')
 * callback", "get('/user/:id') callback", and a test by its title, "test('adds')".
 */
import { calledName } from './receiver.ts';
import { type Node, unwrapped } from './syntax-tree.ts';

/** More of a title is cut off. */
const MAX_LITERAL = 60;

/** Functions of test runners that take a title, and then what is to be run. */
const TITLED: ReadonlySet<string> = new Set([
  'describe',
  'context',
  'suite',
  'it',
  'test',
  'specify',
  'bench',
]);

/** @returns '': the text does not tell what is called */
export function callbackName(call: Node, source: string): string {
  const literal = firstLiteral(call, source);
  const titled = titledName(call);
  if (titled !== '' && literal !== '') return titled + literal;
  const name = calledName(call);
  return name === '' ? '' : `${name}${literal} callback`;
}

/** Whether the call tells by a text what its function is for. */
export const isNamedByText = (call: Node, source: string): boolean => firstLiteral(call, source) !== '';

/** "test" of `test(…)`, `test.only(…)`, `test.each(table)(…)`; '': it is no such call. */
export function titledName(call: Node): string {
  let at: Node | undefined = call;
  while (at !== undefined) {
    const node: Node = unwrapped(at);
    if (node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression')
      at = (node['callee'] ?? node['tag']) as Node;
    else if (node.type === 'SequenceExpression') at = (node['expressions'] as Node[]).at(-1);
    else {
      const isMember = node.type === 'MemberExpression' && node['computed'] !== true;
      const name: unknown = isMember ? node['property']['name'] : node['name'];
      if (typeof name === 'string' && TITLED.has(name)) return name;
      at = isMember ? (node['object'] as Node) : undefined;
    }
  }
  return '';
}

/** "('data')", in the quotes of the text; '': the first argument is no text of one line. */
function firstLiteral(call: Node, source: string): string {
  const first: Node | undefined = call['arguments']?.[0];
  if (first === undefined) return '';
  const isText = first.type === 'Literal' && typeof first['value'] === 'string';
  const isPlainTemplate = first.type === 'TemplateLiteral' && first['expressions'].length === 0;
  if (!isText && !isPlainTemplate) return '';
  const text = source.slice(first.start, first.end);
  if (text.length <= 2 || /[\n\r\u2028\u2029]/.test(text)) return '';
  const isLong = text.length > MAX_LITERAL;
  return `(${isLong ? `${text.slice(0, MAX_LITERAL - 2)}…${text.at(-1)}` : text})`;
}
