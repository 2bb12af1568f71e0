/**
 * What compiles the user's files on their way into Node, passed on from a program to its workers.
 * Flags (`--import`, `--require`, `--loader`) Node passes on by itself. Two loaders need more:
 *
 *   tsx      on Node 20 it registers itself in the main thread only
 *   ts-node  its command registers it by code, with options of the program's own folder
 */
import { pathToFileURL } from 'node:url';
import { loadedModules } from './commonjs-export.ts';
import { requireFrom, requireFromHere } from './require-from.ts';

export interface InheritedLoaders {
  /** URL of the folder of tsx's code; null without tsx. */
  readonly tsx: string | null;
  readonly tsNode: TsNode | null;
}

interface TsNode {
  readonly path: string;
  readonly options: object;
}

let inherited: InheritedLoaders | null = null;
let registering: Promise<void> | null = null;

/** In a program: what Node does not pass on; null when there is nothing. */
export function findLoaders(): InheritedLoaders | null {
  const tsx = process.versions.node.startsWith('20.') ? findTsx() : null;
  const tsNode = findTsNode();
  return tsx === null && tsNode === null ? inherited : { tsx, tsNode };
}

/** In a worker: what its parent has found. It is registered before the first import. */
export function inheritLoaders(loaders: InheritedLoaders | null): void {
  inherited = loaders;
}

/** Registers once what was inherited. */
export function registerLoaders(): Promise<void> {
  return (registering ??= register());
}

async function register(): Promise<void> {
  if (inherited === null) return;
  const { tsx, tsNode } = inherited;
  if (tsx !== null) {
    for (const kind of ['cjs', 'esm']) {
      const api = new URL(`./${kind}/api/index.mjs`, tsx).href;
      ((await import(/* webpackIgnore: true */ /* @vite-ignore */ api)) as Registering).register();
    }
  }
  // It is there already, where a flag has brought it.
  if (tsNode !== null && tsNodeService() === undefined) {
    const { path, options } = tsNode;
    (requireFrom(path)(path) as Registering).register(options);
  }
}

interface Registering {
  register(options?: object): unknown;
}

function findTsx(): string | null {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  for (const flag of flags) {
    const value = flag.replace(/^--?[a-z-]+=/, '');
    const inFolder = /^(.*[\\/]tsx[\\/]dist[\\/])[\w-]+\.[cm]js$/.exec(value)?.[1];
    if (inFolder !== undefined) return inFolder.startsWith('file:') ? inFolder : pathToFileURL(inFolder).href;
    if (/^tsx(\/(esm|cjs))?$/.test(value)) return resolveTsx();
  }
  return null;
}

function resolveTsx(): string | null {
  try {
    const loader = requireFromHere().resolve('tsx');
    return new URL('.', pathToFileURL(loader)).href;
  } catch {
    return null;
  }
}

function findTsNode(): TsNode | null {
  const service = tsNodeService();
  if (service === undefined) return null;
  const path = Object.keys(loadedModules()).find((name) => /[\\/]ts-node[\\/]dist[\\/]index\.js$/.test(name));
  if (path === undefined) return null;
  // Functions among the options cannot be sent.
  return { path, options: JSON.parse(JSON.stringify(service.options ?? {})) as object };
}

/** What ts-node has registered in this thread. */
function tsNodeService(): { readonly options?: object } | undefined {
  return Reflect.get(process, Symbol.for('ts-node.register.instance')) as { options?: object } | undefined;
}
