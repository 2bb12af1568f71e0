/**
 * The small language of conditions: `task ~ "consumer" && wait > 50ms`, `depth(orders) >= 3`.
 *
 *   or      = and { "||" and }
 *   and     = not { "&&" not }
 *   not     = { "!" } compare
 *   compare = value [ ("==" | "!=" | "~" | "<" | "<=" | ">" | ">=") value ]
 *   value   = number [unit] | "text" | word [ "(" [ word | "text" ] ")" ] | "(" or ")"
 *
 * A time is ns, or a number with us, ms or s. `~` asks whether a text holds another. What is not
 * known compares with nothing: the comparison is false.
 */
import { parseTime } from '../trace/queries/parse-time.ts';
import { RequestError } from './request-error.ts';

export type Value = number | string | boolean | undefined;

/** What the words of an expression mean. */
export interface Meaning {
  /** @returns undefined: not known at this moment */
  word(name: string): Value;
  /** @throws RequestError where there is no such function, or nothing of that name */
  call(name: string, argument: string): Value;
}

export type Expression = (meaning: Meaning) => Value;

/** Longer ones are no condition that a person wrote. */
const MAX_LENGTH = 2000;
const MAX_DEPTH = 50;
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?\s*(?:ns|us|µs|ms|s)?(?![\w$]))|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([A-Za-z_$][\w$.#-]*)|(&&|\|\||==|!=|<=|>=|[~<>!()]))/y;

interface Token {
  readonly kind: 'number' | 'text' | 'word' | 'sign' | 'end';
  readonly text: string;
}

/** @param words that a condition may use @throws RequestError that says what is wrong, and where */
export function parseExpression(
  source: string,
  words: readonly string[],
  functions: readonly string[],
): Expression {
  const tokens = tokensOf(source);
  let at = 0;
  let depth = 0;
  const peek = (): Token => tokens[at]!;
  const take = (): Token => tokens[at++] ?? END;
  const takeSign = (...signs: readonly string[]): string | null =>
    peek().kind === 'sign' && signs.includes(peek().text) ? take().text : null;
  const expected = (what: string): never => {
    const found = peek().kind === 'end' ? 'its end' : `"${peek().text}"`;
    throw new RequestError(`"${source}" is no condition: ${what} was expected, and ${found} was found`);
  };

  const whole = or();
  if (peek().kind !== 'end') expected('&&, || or a comparison');
  return whole;

  function or(): Expression {
    if (++depth > MAX_DEPTH) throw new RequestError('the condition is nested too deeply');
    let left = and();
    while (takeSign('||')) {
      const [a, b] = [left, and()];
      left = (meaning) => isTrue(a(meaning)) || isTrue(b(meaning));
    }
    depth--;
    return left;
  }

  function and(): Expression {
    let left = not();
    while (takeSign('&&')) {
      const [a, b] = [left, not()];
      left = (meaning) => isTrue(a(meaning)) && isTrue(b(meaning));
    }
    return left;
  }

  function not(): Expression {
    let isInverted = false;
    let isAsked = false;
    while (takeSign('!')) [isInverted, isAsked] = [!isInverted, true];
    const inner = compare();
    return isAsked ? (meaning) => isTrue(inner(meaning)) !== isInverted : inner;
  }

  function compare(): Expression {
    const left = value();
    const sign = takeSign('==', '!=', '~', '<', '<=', '>', '>=');
    if (sign === null) return left;
    const right = value();
    return (meaning) => holds(left(meaning), sign, right(meaning));
  }

  function value(): Expression {
    const { kind, text } = peek();
    if (kind === 'number') {
      take();
      const number = /[a-zµ]/.test(text) ? parseTime(text)! : Number(text);
      return () => number;
    }
    if (kind === 'text') {
      take();
      return () => text;
    }
    if (takeSign('(')) {
      const inner = or();
      if (!takeSign(')')) expected('")"');
      return inner;
    }
    if (kind !== 'word') return expected('a value');
    take();
    if (text === 'true' || text === 'false') return () => text === 'true';
    if (takeSign('(')) return call(text);
    if (!words.includes(text))
      throw new RequestError(`there is nothing called "${text}" here; there are ${words.join(', ')}`);
    return (meaning) => meaning.word(text);
  }

  function call(name: string): Expression {
    if (!functions.includes(name))
      throw new RequestError(`there is no function "${name}"; there are ${functions.join(', ')}`);
    const { kind, text } = peek();
    if (kind === 'word' || kind === 'text') take();
    if (!takeSign(')')) expected('")"');
    const argument = kind === 'word' || kind === 'text' ? text : '';
    return (meaning) => meaning.call(name, argument);
  }
}

const END: Token = { kind: 'end', text: '' };

function tokensOf(source: string): readonly Token[] {
  if (source.length > MAX_LENGTH)
    throw new RequestError(`a condition has at most ${MAX_LENGTH} characters; this one has ${source.length}`);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = source.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex + source.slice(TOKEN.lastIndex).search(/\S/);
    const found = TOKEN.exec(source);
    if (found === null)
      throw new RequestError(`"${source}" is no condition: character ${from + 1} is not understood`);
    const [, number, double, single, word, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'text', text: (double ?? single ?? '').replaceAll(/\\(.)/g, '$1') });
  }
  tokens.push(END);
  return tokens;
}

export const isTrue = (value: Value): boolean =>
  value !== undefined && value !== false && value !== 0 && value !== '';

function holds(left: Value, sign: string, right: Value): boolean {
  if (left === undefined || right === undefined) return false;
  switch (sign) {
    case '==':
      return left === right || String(left) === String(right);
    case '!=':
      return String(left) !== String(right);
    case '~':
      return String(left).includes(String(right));
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
