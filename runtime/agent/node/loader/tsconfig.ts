/** The few options of the nearest tsconfig.json that decide what TypeScript and JSX mean at run time. */
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

const NAMES = [
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'verbatimModuleSyntax',
] as const;

const known = new Map<string, CompilerOptions>();

export function compilerOptionsFor(path: string): CompilerOptions {
  const folder = dirname(path);
  const cached = known.get(folder);
  if (cached) return cached;
  const own = read(join(folder, 'tsconfig.json'), 0);
  const options = own ?? (dirname(folder) === folder ? {} : compilerOptionsFor(folder));
  known.set(folder, options);
  return options;
}

/** @returns null when there is no such file. A file that does not read counts as one without options. */
function read(path: string, depth: number): CompilerOptions | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  try {
    const config = JSON.parse(plainJson(text)) as Record<string, unknown>;
    const parents = [config['extends'] ?? []].flat().filter((name) => typeof name === 'string');
    const inherited = depth > 8 ? [] : parents.map((name) => read(locate(path, name), depth + 1) ?? {});
    const own = (config['compilerOptions'] ?? {}) as Record<string, unknown>;
    const picked = Object.fromEntries(
      NAMES.filter((name) => own[name] !== undefined).map((name) => [name, own[name]]),
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

/** JSON with comments and trailing commas, as TypeScript reads it, without them. */
function plainJson(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, (_, literal?: string) => literal ?? ' ')
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, literal?: string) => literal ?? '');
}
