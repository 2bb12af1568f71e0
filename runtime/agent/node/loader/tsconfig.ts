/**
 * The options of the nearest tsconfig.json that decide what TypeScript and JSX mean at run time.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

export interface CompilerOptions {
  readonly jsx?: string;
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
  readonly jsxImportSource?: string;
  readonly experimentalDecorators?: boolean;
  readonly emitDecoratorMetadata?: boolean;
  readonly verbatimModuleSyntax?: boolean;
}

const OPTION_NAMES = [
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'verbatimModuleSyntax',
] as const;

/** A longer chain of `extends` is not followed. */
const MAX_EXTENDS = 8;

const optionsByFolder = new Map<string, CompilerOptions>();

export function compilerOptionsFor(path: string): CompilerOptions {
  const folder = dirname(path);
  const cached = optionsByFolder.get(folder);
  if (cached) return cached;
  const found = readOptions(join(folder, 'tsconfig.json'), 0);
  const options = found ?? (dirname(folder) === folder ? {} : compilerOptionsFor(folder));
  optionsByFolder.set(folder, options);
  return options;
}

/** @returns null when there is no such file; no options when the file cannot be parsed */
function readOptions(path: string, depth: number): CompilerOptions | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  try {
    const config = JSON.parse(plainJson(text)) as Record<string, unknown>;
    const parents = [config['extends'] ?? []].flat().filter((name) => typeof name === 'string');
    const inherited =
      depth > MAX_EXTENDS ? [] : parents.map((name) => readOptions(locate(path, name), depth + 1) ?? {});
    const own = (config['compilerOptions'] ?? {}) as Record<string, unknown>;
    const picked = Object.fromEntries(
      OPTION_NAMES.filter((name) => own[name] !== undefined).map((name) => [name, own[name]]),
    );
    return Object.assign({}, ...inherited, picked) as CompilerOptions;
  } catch {
    return {};
  }
}

function locate(from: string, name: string): string {
  if (!name.startsWith('.') && !name.startsWith('/')) {
    const require = createRequire(from);
    try {
      return require.resolve(name);
    } catch {
      return require.resolve(`${name}/tsconfig.json`);
    }
  }
  const path = resolve(dirname(from), name);
  return path.endsWith('.json') ? path : `${path}.json`;
}

/** Removes comments and trailing commas, which TypeScript accepts in its JSON. */
function plainJson(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, (_, literal?: string) => literal ?? ' ')
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, literal?: string) => literal ?? '');
}
