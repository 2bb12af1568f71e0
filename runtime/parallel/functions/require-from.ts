/**
 * Node's `createRequire`, for files that are known only at run time. Webpack would take a plain
 * call of it for an import of the library's, and put what it finds at build time into the bundle.
 */
import * as nodeModule from 'node:module';

/** @param path absolute, of the file or of the folder with a slash behind it. */
export function requireFrom(path: string): NodeJS.Require {
  const createRequire = Reflect.get(nodeModule, 'createRequire') as typeof nodeModule.createRequire;
  return createRequire(path);
}

/** As from a file in the folder where the program was started. */
export function requireFromHere(): NodeJS.Require {
  return requireFrom(`${process.cwd()}/`);
}
