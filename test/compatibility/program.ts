/**
 * The program of the compatibility matrix, in JavaScript or TypeScript. It runs four kinds of
 * functions in threads and processes and writes what came of it as JSON into the file that
 * SIMUL_ANSWERS names.
 *
 *   inline     captures nothing
 *   exported   of the program's own file; uses a variable of that
 *   imported   of another file; uses a variable of that
 *   door       of another file, by workerModule()
 */

export const KINDS = ['inline', 'exported', 'imported', 'door'] as const;
export type Kind = (typeof KINDS)[number];

/** For each kind the results in threads and in processes, or the messages of the errors. */
export type Answers = Record<Kind, string[]>;

/** What every result is. */
export const RESULT = 'a-ok';

export interface ProgramOptions {
  readonly language: 'js' | 'ts';
  readonly modules: 'esm' | 'commonjs';
  /** How the program imports its own files: `./jobs.js`. */
  readonly jobs: string;
  /** An expression for the URL or path of the file that workerModule() is given. */
  readonly door: string;
}

/** The module that holds functions: what they use is no constant that a bundler could put in. */
export function jobsText({ language, modules }: ProgramOptions): string {
  const typed = language === 'ts';
  const text = `
const salts = new Map([['salt', '-ok']]);
${typed ? 'export interface Salt { readonly salt: string }\n' : ''}
export const salted = (text${typed ? ': string' : ''})${typed ? ': string' : ''} => text + salts.get('salt');
export default async function (text${typed ? ': string' : ''}) { return salted(text); }
`;
  return modules === 'commonjs' && !typed ? asCommonJs(text) : text;
}

export function programText(options: ProgramOptions): string {
  const { language, modules, jobs, door } = options;
  const typed = language === 'ts';
  const text = `
import { writeFileSync } from 'node:fs';
import { isMain, Pool, Process, Thread, workerModule } from 'simul';
import whole, { salted } from '${jobs}';

const pepper = new Map([['pepper', '-ok']]);
export const peppered = (text${typed ? ': string' : ''})${typed ? ': string' : ''} => text + pepper.get('pepper');
const inline = (text${typed ? ': string' : ''})${typed ? ': string' : ''} => text + '-ok';

async function attempt(start${typed ? ': () => PromiseLike<unknown>' : ''}) {
  try { return String(await start()); } catch (error) { return ${typed ? '(error as Error)' : 'error'}.message; }
}
export async function check() {
  const answers${typed ? ': Record<string, string[]>' : ''} = {};
  for (const kind of ${typed ? "(['threads', 'processes'] as const)" : "['threads', 'processes']"}) {
    const pool = new Pool({ size: 1, kind });
    const Body = kind === 'threads' ? Thread : Process;
    const add = async (name${typed ? ': string' : ''}, start${typed ? ': () => PromiseLike<unknown>' : ''}) =>
      void (answers[name] ??= []).push(await attempt(start));
    await add('inline', () => pool.apply(inline, ['a']));
    await add('inline', () => new Body(inline, { args: ['a'] }).start().join());
    await add('exported', () => pool.apply(peppered, ['a']));
    await add('imported', () => pool.apply(salted, ['a']));
    await add('imported', () => pool.apply(whole, ['a']));
    await add('door', () => pool.apply(workerModule${typed ? `<typeof import('${jobs}')>` : ''}(${door}).salted, ['a']));
    pool.close();
  }
  writeFileSync(process.env${typed ? "['SIMUL_ANSWERS']!" : '.SIMUL_ANSWERS'}, JSON.stringify(answers));
  return answers;
}
if (isMain && process.env${typed ? "['SIMUL_BY_TEST']" : '.SIMUL_BY_TEST'} === undefined) void check();
`;
  return modules === 'commonjs' && !typed ? asCommonJs(text) : text;
}

/** The few forms that the texts above use. */
function asCommonJs(text: string): string {
  return text
    .replaceAll(
      /import (\w+), \{ ([\w, ]+) \} from '([^']+)';/g,
      "const { default: $1, $2 } = require('$3');",
    )
    .replaceAll(/import \{ ([\w, ]+) \} from '([^']+)';/g, "const { $1 } = require('$2');")
    .replaceAll(/export const (\w+) =/g, 'const $1 = exports.$1 =')
    .replaceAll('export default async function (', 'exports.default = async function (')
    .replaceAll(/export async function (\w+)\(/g, 'exports.$1 = $1; async function $1(');
}
