/**
 * The text of a function or a module as tokens, for exactly one purpose: to see which names it
 * uses and what it exports. It reads what V8 has accepted already, with types stripped, so it
 * checks nothing. It tells code from strings, comments, regular expressions and the fixed parts of
 * templates. It throws where it cannot tell them apart; the function is then refused.
 */

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'regex' | 'template' | 'mark';
  readonly text: string;
  /** In the text. */
  readonly offset: number;
  /**
   * Of an opening bracket: index of the closing one, and the other way round; of others −1.
   * `${` and its `}` are brackets too.
   */
  partner: number;
  /** Index of the opening bracket of the innermost pair around the token; −1: there is none. */
  enclosing: number;
}

const NAME = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?n?)/y;
const MARK =
  />>>=|\.\.\.|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|===|!==|=>|\?\.(?!\d)|[-+*/%&|^<>=!]=|\+\+|--|&&|\|\||\?\?|\*\*|<<|>>|[{}()[\];,<>+\-*/%&|^!~?:=.@]/y;
const SPACE = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[\p{ID_Continue}]*/uy;
const STRING = /'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"/y;

/** Names after which a slash begins a regular expression. */
const KEYWORDS_BEFORE_VALUE = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await default extends'.split(' '),
);
/** Statements whose head is in parentheses: a slash after `)` begins a regular expression. */
const STATEMENT_HEADS = new Set(['if', 'while', 'for', 'with']);

/** @throws SyntaxError where the text cannot be read. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  /** Indices of the brackets that are not closed yet. */
  const openBrackets: number[] = [];
  let offset = source.startsWith('#!') ? source.indexOf('\n') : 0;

  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = offset;
    return pattern.exec(source)?.[0] ?? null;
  };
  const addToken = (kind: Token['kind'], text: string): void => {
    tokens.push({ kind, text, offset, partner: -1, enclosing: openBrackets.at(-1) ?? -1 });
    offset += text.length;
  };
  const addOpener = (text: string, kind: Token['kind'] = 'mark'): void => {
    addToken(kind, text);
    openBrackets.push(tokens.length - 1);
  };
  const addCloser = (text: string, kind: Token['kind'] = 'mark'): void => {
    const opener = openBrackets.pop();
    if (opener === undefined) throw new SyntaxError('a bracket closes that was not opened');
    addToken(kind, text);
    tokens[opener]!.partner = tokens.length - 1;
    tokens.at(-1)!.partner = opener;
  };
  /** Adds a template's fixed part, from here to its end or to the next `${`. */
  const addTemplatePart = (): void => {
    const from = offset;
    let end = offset;
    for (;;) {
      const char = source[end];
      if (char === undefined) throw new SyntaxError('a template does not end');
      if (char === '\\') end += 2;
      else if (char === '`') {
        addToken('template', source.slice(from, end + 1));
        return;
      } else if (char === '$' && source[end + 1] === '{') {
        addOpener(source.slice(from, end + 2), 'template');
        return;
      } else end++;
    }
  };

  while (offset < source.length) {
    const space = match(SPACE);
    if (space !== null) {
      offset += space.length;
      continue;
    }
    const char = source[offset]!;
    if (char === '`') {
      addToken('template', '`');
      addTemplatePart();
      continue;
    }
    if (char === '}' && tokens[openBrackets.at(-1) ?? -1]?.kind === 'template') {
      addCloser('}', 'template');
      addTemplatePart();
      continue;
    }
    if (char === '/' && valueMayBegin(tokens)) {
      const regex = match(REGEX);
      if (regex === null) throw new SyntaxError('a regular expression does not end');
      addToken('regex', regex);
      continue;
    }
    const name = match(NAME);
    if (name !== null) addToken('name', name);
    else if (char === "'" || char === '"') addToken('string', match(STRING) ?? char);
    else {
      const number = match(NUMBER);
      if (number !== null) {
        addToken('number', number);
        continue;
      }
      const mark = match(MARK);
      if (mark === null) throw new SyntaxError(`"${char}" is not expected`);
      if (mark === '(' || mark === '[' || mark === '{') addOpener(mark);
      else if (mark === ')' || mark === ']' || mark === '}') addCloser(mark);
      else addToken('mark', mark);
    }
  }
  if (openBrackets.length > 0) throw new SyntaxError('a bracket does not close');
  return tokens;
}

/** Whether a value may begin here, so that a slash begins a regular expression. */
function valueMayBegin(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined) return true;
  switch (last.kind) {
    case 'name':
      return KEYWORDS_BEFORE_VALUE.has(last.text) && tokens.at(-2)?.text !== '.';
    case 'number':
    case 'string':
    case 'regex':
      return false;
    case 'template':
      return !last.text.endsWith('`');
    case 'mark':
      if (last.text === ')') return STATEMENT_HEADS.has(tokens[last.partner - 1]?.text ?? '');
      if (last.text === '}') return isBlock(tokens, last.partner);
      return last.text !== ']' && last.text !== '++' && last.text !== '--';
  }
}

/** Tokens after which a brace begins an object or a pattern. */
const BEFORE_OBJECT = new Set(
  '( [ , = ? : && || ?? ! ~ + - * / % ** < > <= >= == != === !== & | ^ << >> >>> ... += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??='.split(
    ' ',
  ),
);

/**
 * Whether the brace at this index opens a block of statements or a function's body, not an object
 * or a pattern.
 */
export function isBlock(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before === undefined) return true;
  if (before.kind === 'template') return before.partner === -1;
  if (before.kind === 'name')
    return !/^(return|typeof|in|of|new|throw|yield|await|case|const|let|var|export|import)$/.test(
      before.text,
    );
  if (before.text === ':') return isInBlock(tokens, index) && !isTernaryColon(tokens, index);
  return !BEFORE_OBJECT.has(before.text);
}

function isInBlock(tokens: readonly Token[], index: number): boolean {
  const { enclosing } = tokens[index]!;
  return enclosing < 0 || (tokens[enclosing]!.text === '{' && isBlock(tokens, enclosing));
}

/** Whether the colon before this index belongs to `a ? b : c`. */
function isTernaryColon(tokens: readonly Token[], index: number): boolean {
  const { enclosing } = tokens[index]!;
  for (let i = index - 2; i > enclosing; i--) {
    const token = tokens[i]!;
    if (token.enclosing !== enclosing) continue;
    if (token.text === '?') return true;
    if (token.text === ';' || token.text === 'case' || token.text === 'default') return false;
  }
  return false;
}
