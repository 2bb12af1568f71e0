/**
 * The text that a piece of instrumented text was made of. Every insertion holds a name with our
 * prefix or the comment `COMMENT`, and the source holds neither. So the insertions are found
 * without the file, its positions or its sites: in the text of a function, in any realm, on any
 * thread.
 *
 * One thing is no insertion: types that were blanked stay blank, as V8 would have got them.
 */
import { PREFIX } from '../contract/emitted-names.ts';

const name = `\\$simul\\$`;
const activation = `${name}a`;
const base = `(?:${name}b\\(\\)|${name}B\\("\\w+"\\))`;
const text = String.raw`"(?:[^"\\\n]|\\.)*"`;
const probe = `${name}[A-Z][a-z]?`;
/** The root of a receiver: a variable, `this`, a private field; with a key, a pair. */
const root = '(?:,(?:\\[[^\\s(),]+,[^\\s(),]+\\]|[^\\s(),]+))?';
const word = '[^\\s()]+';
/** The loader's last line. */
const map = '(?:\\n//# sourceMappingURL=data:(?:application/json;base64)?,[\\w+/=]*\\n)?';

/** The insertions of the files `insert-*.ts` and `instrument.ts`, the frequent ones first. */
const INSERTION = new RegExp(
  [
    // A parenthesis that opens, and what closes it.
    `\\(${name}t=`,
    `,(?:${name}s=\\d+,)?${probe}\\((?:${activation}|${base})${root}\\)\\)`,
    // The begin of what a `new Promise` is given.
    `\\(${name}T\\(${word}\\),`,
    `${name}T\\(${word}\\);`,
    `${name}s=\\d+,${name}Tc\\(${base},${word}\\);`,
    // Beside a variable.
    `,${name}v\\d+=\\{\\}`,
    // Among the arguments of a call.
    `\\(${name}Rb\\(${activation}\\),`,
    `\\.\\.\\.${name}Z\\(${activation}\\)`,
    // Before a `yield*` and its parenthesis.
    `${name}s=\\d+,${name}t=${activation},${probe}\\(${activation}\\),`,
    // A character that could be the user's.
    `/\\*${name}\\*/(?:\\(${name}e\\)|\\(0,|[;{}()]|return |void 0|let |try\\{)`,
    // The begin of a function, and the end of its guard.
    `const ${activation}=\\(${name}s=\\d+,${probe}\\(${base}\\)\\);`,
    `\\}finally\\{${probe}\\(${activation}\\);\\}`,
    // `catch`: with a name, without one, with a pattern.
    `(?:${name}e\\)\\{)?${name}t=[^;]+;${probe}\\(${activation}\\);`,
    `=${name}e;if\\(1`,
    // `finally`, loops, ends.
    `${probe}\\(${activation}(?:,\\d+)?\\);`,
    // What a file gets once.
    `${probe}\\(${text},${text},"\\w+"\\);`,
    `const babelHelpers=${probe};`,
    `\\nfunction ${name}b\\(\\)\\{return ${name}b\\.v\\?\\?=${probe}\\(${text},${text}\\)\\}${map}`,
  ].join('|'),
  'g',
);

const { exec } = RegExp.prototype;
const { indexOf, slice } = String.prototype;
const { apply } = Reflect;

/** Runs in the program: it looks up nothing that the program may have replaced. */
export function removeProbes(emitted: string): string {
  if ((apply(indexOf, emitted, [PREFIX]) as number) < 0) return emitted;
  let source = '';
  let at = 0;
  INSERTION.lastIndex = 0;
  for (;;) {
    const match = apply(exec, INSERTION, [emitted]) as RegExpExecArray | null;
    if (match === null) break;
    source += apply(slice, emitted, [at, match.index]) as string;
    at = INSERTION.lastIndex;
  }
  return source + (apply(slice, emitted, [at]) as string);
}
