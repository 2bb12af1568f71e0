/**
 * The scripts of a package.json and where each stands, and how to run one. The text may be in the
 * middle of an edit: what is no JSON up to there has the scripts that were read before.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface PackageScript {
  readonly name: string;
  /** 0-based. */
  readonly line: number;
  /** What it runs. */
  readonly command: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\n/g;

export function scriptsIn(text: string): PackageScript[] {
  const scripts: { name: string; line: number; command: string }[] = [];
  /** The keys of the objects around; '' in a list. */
  const path: string[] = [];
  let line = 0;
  let last = '';
  let key = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') line++;
    else if (token.startsWith('"') && key !== '' && path.length === 2 && path[1] === 'scripts')
      scripts.at(-1)!.command = unquoted(token);
    else if (token === ':') {
      key = last;
      if (path.length === 2 && path[1] === 'scripts') scripts.push({ name: key, line, command: '' });
    } else if (token === '{') path.push(key);
    else if (token === '[') path.push('');
    else if (token === '}' || token === ']') path.pop();
    if (token === ',' || token === '{' || token === '[') key = '';
    last = token.startsWith('"') ? unquoted(token) : '';
  }
  return scripts;
}

/** The script at this line, or the nearest one above it; undefined: there is none. */
export function scriptAt(text: string, line: number): PackageScript | undefined {
  return scriptsIn(text).findLast((script) => script.line <= line);
}

/** `npm run dev`, with the package manager whose lock file is there. */
export function runScriptLine(folder: string, script: string): string {
  const found = LOCK_FILES.find(([file]) => existsSync(join(folder, file)));
  return `${found?.[1] ?? 'npm'} run ${quoted(script)}`;
}

const LOCK_FILES: readonly (readonly [file: string, manager: string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
];

const quoted = (word: string): string =>
  /^[\w:.@/-]+$/.test(word) ? word : `"${word.replace(/["\\$`]/g, '\\$&')}"`;

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
}
