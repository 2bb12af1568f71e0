/**
 * Resolves the types of `simul` from the extension, so that a file that imports it has types and
 * documentation before the package is installed. It is asked only after TypeScript found nothing:
 * what is installed counts. It changes nothing else.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The part of `ts.server.PluginCreateInfo` that is used here. */
export interface PluginInfo<Service = unknown> {
  readonly languageService: Service;
  readonly languageServiceHost: { resolveModuleNameLiterals?: ResolveNames };
}
export type ResolveNames = (
  literals: readonly { readonly text: string }[],
  ...rest: unknown[]
) => readonly Resolution[];
export interface Resolution {
  readonly resolvedModule?: object | undefined;
}

const DECLARATIONS: ReadonlyMap<string, string> = new Map([
  ['simul', 'index.d.ts'],
  ['simul/frames', 'parallel/frames/frames.d.ts'],
  ['simul/jobs', 'jobs/jobs.d.ts'],
  ['simul/trace', 'launch/index.d.ts'],
]);

/** Wraps the server's resolution of imports. @param types folder of the library's declarations */
export function addLibraryTypes<Service>(info: PluginInfo<Service>, types: string): Service {
  const host = info.languageServiceHost;
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (resolve !== undefined) {
    host.resolveModuleNameLiterals = (literals, ...rest) =>
      resolve(literals, ...rest).map((found, index) => {
        const file = DECLARATIONS.get(literals[index]?.text ?? '');
        if (file === undefined || found.resolvedModule) return found;
        const resolvedFileName = join(types, file).replaceAll('\\', '/');
        if (!existsSync(resolvedFileName)) return found;
        const resolvedModule = { resolvedFileName, extension: '.d.ts', isExternalLibraryImport: true };
        return { ...found, resolvedModule };
      });
  }
  return info.languageService;
}
