/**
 * The text of a function or a module as tokens, for exactly one purpose: to see which names it uses and what it exports. It reads
 * what V8 has accepted already (types are gone), so it checks nothing. Strings, comments, regular expressions and the fixed parts
 * of templates are told apart from code; what cannot be told apart throws, and the function is then refused.
 */

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'regex' | 'template' | 'mark';
  readonly text: string;
  /** Offset in the text. */
  readonly offset: number;
  /** Of an opening bracket: index of the closing one, and the other way round; else −1. `${` and its `}` are brackets too. */
  partner: number;
  /** Index of the bracket that it stands in; −1: in none. */
  enclosing: number;
}

const NAME = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?n?)/y;
const MARK =
  />>>=|\.\.\.|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|===|!==|=>|\?\.(?!\d)|[-+*/%&|^<>=!]=|\+\+|--|&&|\|\||\?\?|\*\*|<<|>>|[{}()[\];,<>+\-*/%&|^!~?:=.@]/y;
const SPACE = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[\p{ID_Continue}]*/uy;
const STRING = /'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"/y;

/** After these a slash begins a regular expression, though they are names. */
const BEFORE_VALUE = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await default extends'.split(' '),
);
const HEADS = new Set(['if', 'while', 'for', 'with']);

export function tokenize(source: string): Token[] {
  const found: Token[] = [];
  const open: number[] = [];
  let at = source.startsWith('#!') ? source.indexOf('\n') : 0;

  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0] ?? null;
    return text;
  };
  const add = (kind: Token['kind'], text: string): void => {
    found.push({ kind, text, offset: at, partner: -1, enclosing: open.at(-1) ?? -1 });
    at += text.length;
  };
  const opens = (text: string, kind: Token['kind'] = 'mark'): void => {
    add(kind, text);
    open.push(found.length - 1);
  };
  const closes = (text: string, kind: Token['kind'] = 'mark'): void => {
    const decoder = open.pop();
    if (decoder === undefined) throw new SyntaxError('a bracket closes that was not opened');
    add(kind, text);
    found[decoder]!.partner = found.length - 1;
    found.at(-1)!.partner = decoder;
  };
  /** A template's fixed part, from here to its end or to the next `${`. */
  const template = (): void => {
    const from = at;
    let end = at;
    for (;;) {
      const char = source[end];
      if (char === undefined) throw new SyntaxError('a template does not end');
      if (char === '\\') end += 2;
      else if (char === '`') {
        add('template', source.slice(from, end + 1));
        return;
      } else if (char === '$' && source[end + 1] === '{') {
        opens(source.slice(from, end + 2), 'template');
        return;
      } else end++;
    }
  };

  while (at < source.length) {
    const space = match(SPACE);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const char = source[at]!;
    if (char === '`') {
      add('template', '`');
      template();
      continue;
    }
    if (char === '}' && found[open.at(-1) ?? -1]?.kind === 'template') {
      closes('}', 'template');
      template();
      continue;
    }
    if (char === '/' && valueMayBegin(found)) {
      const regex = match(REGEX);
      if (regex === null) throw new SyntaxError('a regular expression does not end');
      add('regex', regex);
      continue;
    }
    const name = match(NAME);
    if (name !== null) add('name', name);
    else if (char === "'" || char === '"') add('string', match(STRING) ?? char);
    else {
      const number = match(NUMBER);
      if (number !== null) {
        add('number', number);
        continue;
      }
      const mark = match(MARK);
      if (mark === null) throw new SyntaxError(`"${char}" is not expected`);
      if (mark === '(' || mark === '[' || mark === '{') opens(mark);
      else if (mark === ')' || mark === ']' || mark === '}') closes(mark);
      else add('mark', mark);
    }
  }
  if (open.length > 0) throw new SyntaxError('a bracket does not close');
  return found;
}

/** Whether a value may begin here, and a slash is therefore no division. */
function valueMayBegin(found: readonly Token[]): boolean {
  const last = found.at(-1);
  if (last === undefined) return true;
  switch (last.kind) {
    case 'name':
      return BEFORE_VALUE.has(last.text) && found.at(-2)?.text !== '.';
    case 'number':
    case 'string':
    case 'regex':
      return false;
    case 'template':
      return !last.text.endsWith('`');
    case 'mark':
      if (last.text === ')') return HEADS.has(found[last.partner - 1]?.text ?? '');
      if (last.text === '}') return isBlock(found, last.partner);
      return last.text !== ']' && last.text !== '++' && last.text !== '--';
  }
}

const BEFORE_OBJECT = new Set(
  '( [ , = ? : && || ?? ! ~ + - * / % ** < > <= >= == != === !== & | ^ << >> >>> ... += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??='.split(
    ' ',
  ),
);

/** Whether the brace at this index opens a block (of statements, or a function's), not an object or a pattern. */
export function isBlock(found: readonly Token[], index: number): boolean {
  const before = found[index - 1];
  if (before === undefined) return true;
  if (before.kind === 'template') return before.partner === -1;
  if (before.kind === 'name')
    return !/^(return|typeof|in|of|new|throw|yield|await|case|const|let|var|export|import)$/.test(
      before.text,
    );
  if (before.text === ':') return isInBlock(found, index) && !hasQuestion(found, index);
  return !BEFORE_OBJECT.has(before.text);
}

function isInBlock(found: readonly Token[], index: number): boolean {
  const { enclosing: inside } = found[index]!;
  return inside < 0 || (found[inside]!.text === '{' && isBlock(found, inside));
}

/** Whether the colon before belongs to `a ? b : c`. */
function hasQuestion(found: readonly Token[], index: number): boolean {
  const { enclosing: inside } = found[index]!;
  for (let i = index - 2; i > inside; i--) {
    const token = found[i]!;
    if (token.enclosing !== inside) continue;
    if (token.text === '?') return true;
    if (token.text === ';' || token.text === 'case' || token.text === 'default') return false;
  }
  return false;
}
