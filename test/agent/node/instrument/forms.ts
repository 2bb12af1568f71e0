/**
 * Programs that hold every form of statement and expression around what gets a probe, in every
 * spacing. In the templates below, a gap between two tokens is
 *
 *   ~   anything: nothing, a blank, a comment, a line break
 *   ^   the same without a line break
 *   |   the end of a statement: a semicolon, or only a line break
 *   @   an operand
 */

const OPERANDS = [
  'g()',
  '(~g()~)',
  '[~g()~]~[0]',
  '"s"',
  '`t`',
  '/x/~.~source',
  '!~0',
  '-~1',
  '+~1',
  '{~a~:~1~}~.~a',
  'new~P(r^=>~r(3))',
  'new~Promise~(~(~r~,~j~)^=>~r(3)~)',
  'await~g()',
  'await~(~g()~)',
  'g?.()',
  '(0,~g)~()',
  '(function~()~{~}~)~.~name',
  '(class~{~}~)~.~name',
  'typeof~1',
  'void~0',
  'a~.~b~`c`',
];

/** Bodies of an async function, with an operand that is awaited. */
const AWAITS = [
  'return^await~@|',
  'return^(~await~@~)|',
  'return^[~await~@~]|',
  'return^await~@~,~await~@|',
  'try~{~throw^await~@~}~catch~(e)~{~return^e~}',
  'await~@|await~@|return^7',
  'x=1|await~@|(await~@)|[await~@]|return^x',
  'const~c=await~@|return^c',
  'x~=~await~@|return^x',
  'if~(~await~@~)~x=1|else~await~@|return^x',
  'if~(~!x~)~await~@|else~x=1|return^x',
  'do~await~@|while~(~0~)|return^x',
  'for~(~const~i~of~[~await~@~]~)~x=i|return^x',
  'for~(~x=await~@~;~x~;~)~x=0|return^x',
  'for~(~const~k~in~{~[~await~@~]~:~1~}~)~x=k|return^x',
  'switch~(~await~@~)~{~case~await~@~:~await~@|default~:~await~@|}~return^x',
  'return^`${~await~@~}`|',
  'return^{~a~:~await~@~}|',
  'return^h(~await~@~,~await~@~)|',
  'return^await~@~?~await~@~:~await~@|',
  'return^(~await~@~)~??~await~@|',
  'return^!~await~@|',
  'return^typeof~await~@|',
  'return^void~await~@|',
  'return^"a"~in~{~a~:~await~@~}|',
  'return^[~...~[~await~@~]~]|',
  'const~{~a~=~await~@~}~=~{~}|return^a',
  'l~:~await~@|return^x',
  'return^(~x^=>~x~)~(~await~@~)|',
  'return^(async^()^=>~await~@~)~()|',
  'return^(async^x^=>~(~{~a~:~await~@~}~)~)~()|',
  'for~await~(~const~i~of~[~@~]~)~x=i|return^x',
  'for~await~(~const~i~of~[~@~]~)~{~x=i|}~return^x',
  'l~:~for~await~(~x~of~[~@~,~@~]~)~continue^l|return^x',
  'for~(~const~i~of~[~1~]~)~return^await~@|',
  'for~(~const~i~of~closing~)~return^@|',
  'try~{~await~@|}~finally~{~await~@|}~return^x',
  'try~{~return^await~@|}~finally~{~x=await~@|}',
  'try~{~return^@|}~finally~{~try~{~await~@|}~finally~{~x=2|}~}',
  'l~:~try~{~return^@|}~finally~{~break^l|}~return^8',
  'try~{~throw^@|}~catch~{~return^await~@|}',
  'try~{~throw^{~a~:~1~}|}~catch~(~{~a~}~)~{~return^a|}',
  'try~{~throw^[~1~]|}~catch~(~[~a~]~)~{~await~@|return^a|}~finally~{~x=3|}',
  'void~g()|h()|(0,~g)~()|return^x',
  'x~?~g()~:~(0,~g)()|void~(0,~g)()|return^1',
  'if~(~!x~)~g()|else~(0,~g)()|do~(0,~g)()|while~(~0~)|return^x',
  'new~P(r^=>~r())|await~new~P(r^=>~r())|return^x',
  'return^async^()^=>~1|',
  'return^class~{~}|',
  'return|',
  'return^1,~2|',
  'class~A~extends~(~await~@~,~Object~)~{~}|return^new~A()^instanceof~Object',
  'return(~await~w(~@~)~)~.~m~(~)|',
  'return(~await~w(~@~)~)~.~m~(~@~,~2~)|',
  'return(~await~w(~@~)~)~(~...~[~1~]~)|',
  'return(~await~w(~@~)~)~[~"m"~]~(~await~@~)|',
  'return^await(~await~w(~@~)~)~.~m~(~)|',
  'return^new~(~await~w(~@~)~)~(~)|',
  'return^new~(~await~w(~@~)~)|',
  'return^w(1)~[~await~"m"~]~(~)|',
  'return(~await~w(~@~)~)~.~m~(~)~.~toString~(~)|',
  'return(~await~w(~@~)~)~?.~m~(~)|',
  '(~await~w(~@~)~)~.~m~(~)|return^x',
  'const~{~v~}~=~await~w(~@~)|(0,~g)~()|return^v',
  'const~{~v~:~y~=~1~,~...~z~}~=~await~w(~@~)|return^y',
  'var~{~v~=~g()~}~=~await~w(~@~)|return^v',
  'let~v~=~1~,~[~y~,~z~=~v~]~=~await~[~@~]|[~y~]~[~0~]|return^[~y~,~z~]',
  '(~{~v~:~x~}~=~await~w(~@~)~)|return^x',
  '[~x~]~=~await~[~@~]|[~x~]~[~0~]|return^x',
  'if~(~!x~)~var~{~v~}~=~await~w(~@~)|return^v',
];

/** Bodies of an async generator. */
const YIELDS = [
  'yield^@|',
  'yield^(~@~)|yield^*~[~@~]|',
  'const~c=yield|(0,~g)()|return^c',
  'x=yield|[x]~[0]|return^x',
  'yield|return^@|',
  'yield^()^=>~1|(0,~g)()|',
  'const~c=yield^async^()^=>~1|(0,~g)()|return^c',
  'try~{~yield^await~@|}~finally~{~yield^2|}',
  'for~await~(~const~i~of~[~@~]~)~yield^i|',
  'if~(~!x~)~yield|else~return|',
  'if~(~!x~)~return|yield^@|',
];

/** Callbacks: functions that are not async. */
const CALLBACKS = [
  'function~(x)~{~return^@|}',
  'function~(x)~{~return^(~@~)|}',
  'function~(x)~{~return|}',
  'function~(x)~{~"use strict"|return^[~this~,~g()~]|}',
  'function~(x)~{~return^1,~2|}',
  'function~(x)~{~x=1|[x]~[0]|return^x|}',
  'function^named~(x)~{~if~(~!x~)~return^@|else~return|}',
  'function~(x)~{~try~{~return^@|}~finally~{~x=g()|}~}',
  'function~(x)~{~try~{~throw^@|}~catch~(e)~{~return^e|}~}',
  'function~(x)~{~for~(~const~i~of~closing~)~return^@|}',
  'function~(x)~{~return^()^=>~1|}',
  'function~(x)~{~return^function~()~{~}|}',
  'function~(x)~{~return^class~{~}|}',
  'function~(x)~{~l~:~try~{~return^@|}~finally~{~break^l|}~return^8|}',
  'function~(x)~{~switch~(~1~)~{~case~1~:~return^@|default~:~return|}~}',
  'function~(x)~{~throw^@|}',
  '(x)^=>~{~return^@|}',
  '(x)^=>~[~@~]',
  '(x)^=>~(~{~a~:~@~}~)',
  'x^=>~(~@~,~g()~)',
  'async^x^=>~[~@~]',
];

const PRELUDE = `const P = Promise; const log = (...values) => console.log(...values);
const cb = (f) => f; const g = async () => 1, h = (...values) => values.length, a = { b: (t) => t[0] };
const closing = { [Symbol.iterator]: () => ({ next: () => ({ value: 1 }), return: () => (log('closed'), {}) }) };
const w = (v) => Object.assign(function (...l) { return l.length }, { m: (...l) => l.length + shown(v), v });
const shown = (v) => typeof v === 'function' ? v.name + ' ' + v : typeof v === 'string' ? v : JSON.stringify(v);
`;

export const SPACINGS = {
  minified: { gap: '', line: '', end: ';' },
  blanks: { gap: ' ', line: ' ', end: ' ; ' },
  comments: { gap: '/* $ */', line: '/*(*/', end: ';/*;*/' },
  'line breaks': { gap: '\n', line: ' ', end: '\n' },
  'no semicolons': { gap: '', line: ' ', end: '\n' },
} as const;

const STRIDE = 4;
const SYNC_OPERANDS = OPERANDS.filter((operand) => !operand.includes('await'));

/** One program with all forms. */
export function programOf(spacing: keyof typeof SPACINGS): string {
  const texts: string[] = [];
  const shift = Object.keys(SPACINGS).indexOf(spacing);
  const bodies = [
    ...AWAITS.flatMap((form, i) => fill(form, i + shift).map((body) => ({ body, star: '' }))),
    ...YIELDS.flatMap((form, i) => fill(form, i + shift).map((body) => ({ body, star: '*' }))),
  ];
  for (const { body, star } of bodies) {
    const name = `t${texts.length}`;
    texts.push(`async function${star} ${name}(x){${spaced(body, spacing)}}`);
  }
  const callbacks = CALLBACKS.flatMap((form, i) => fill(form, i + shift, SYNC_OPERANDS));
  for (const [i, form] of callbacks.entries()) texts.push(`const c${i}=cb(${spaced(form, spacing)})`);
  const run = `for (const c of [${callbacks.map((_, i) => `c${i}`).join()}]) try { log(c.name, shown(c), shown(await c())) }
  catch (e) { log('threw', e) }
  for (const t of [${bodies.map((_, i) => `t${i}`).join()}]) { try { const r = t(); if (r.next) {
    for (let s, n = 0; n < 5 && !(s = await r.next(n)).done; n++) log('y', shown(await s.value)) } else log(shown(await r)) }
  catch (e) { log('threw', e) } }`;
  return `${PRELUDE}${texts.join('\n')}\n${run}\n`;
}

/**
 * A form with some of the operands: other ones for each form and spacing, so that each operand
 * meets each kind of form.
 */
function fill(form: string, index: number, operands = OPERANDS): string[] {
  if (!form.includes('@')) return [form];
  const chosen = operands.filter((_, i) => (i + index) % STRIDE === 0);
  return chosen.map((operand) => form.replaceAll('@', operand));
}

/** A blank only where two words or signs would become one. */
function spaced(form: string, spacing: keyof typeof SPACINGS): string {
  const { gap, line, end } = SPACINGS[spacing];
  let text = '';
  for (let i = 0; i < form.length; i++) {
    const char = form[i]!;
    if (char === '|') text += needsSemicolon(form.slice(i + 1)) ? ';' : end;
    else if (char === '~' || char === '^') {
      const joined = /\w$/.test(text) && /^[\w]/.test(form.slice(i + 1));
      const signs = /[-+/]$/.test(text) && /^[-+/]/.test(form.slice(i + 1));
      const wanted = char === '~' ? gap : line;
      text += wanted === '' && (joined || signs) ? ' ' : wanted;
    } else text += char;
  }
  return text;
}

/** Where a line break alone would not end the statement. */
function needsSemicolon(rest: string): boolean {
  return /^[([/`+\-.,]/.test(rest) && !/^\(0,~g\)|^\[x\]/.test(rest);
}
