/**
 * The options of the nearest tsconfig.json that decide what TypeScript and JSX mean at run time.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { type TypeOptions } from '../instrument/strip-types.ts';

export interface CompilerOptions {
  readonly jsx?: string;
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
  readonly jsxImportSource?: string;
  readonly experimentalDecorators?: boolean;
  readonly emitDecoratorMetadata?: boolean;
  readonly verbatimModuleSyntax?: boolean;
  readonly useDefineForClassFields?: boolean;
  readonly target?: string;
  /** Names that stand for files of the project, the most particular first. */
  readonly paths?: readonly PathMapping[];
}

/** `"@lib/*": ["src/lib/*"]` of `compilerOptions.paths`. */
export interface PathMapping {
  readonly prefix: string;
  /** Null: the name has no `*`, and is meant as a whole. */
  readonly suffix: string | null;
  /** Absolute paths, with the `*` of the name. */
  readonly targets: readonly string[];
}

const OPTION_NAMES = [
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'verbatimModuleSyntax',
  'useDefineForClassFields',
  'target',
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
    const paths = pathMappings(own, path);
    return Object.assign({}, ...inherited, picked, paths && { paths }) as CompilerOptions;
  } catch {
    return {};
  }
}

/** What the options mean for the types of a file. */
export function typeOptionsOf(options: CompilerOptions): TypeOptions {
  const { verbatimModuleSyntax, useDefineForClassFields, target } = options;
  return {
    keepsImports: verbatimModuleSyntax === true,
    // tsc's default hangs on the target: what a project leaves open is as in the language.
    definesFields: useDefineForClassFields ?? !/^es(?:3|5|6|20(?:1\d|2[01]))$/i.test(target ?? ''),
  };
}

function pathMappings(own: Record<string, unknown>, config: string): readonly PathMapping[] | null {
  const paths = own['paths'];
  if (typeof paths !== 'object' || paths === null) return null;
  const { baseUrl } = own;
  const base = resolve(dirname(config), typeof baseUrl === 'string' ? baseUrl : '.');
  return Object.entries(paths as Record<string, unknown>)
    .map(([name, targets]) => {
      const [prefix = '', suffix = null] = name.split('*');
      const files = [targets].flat().filter((target) => typeof target === 'string');
      return { prefix, suffix, targets: files.map((target) => resolve(base, target)) };
    })
    .sort(
      (a, b) => Number(b.suffix === null) - Number(a.suffix === null) || b.prefix.length - a.prefix.length,
    );
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
