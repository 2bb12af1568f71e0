/**
 * `import()` in a file of its own: in code that V8 kept from an earlier run, as the bundle of the
 * instrument is, Node 20 refuses it.
 */
export const importModule = (url: string): Promise<unknown> => import(url);
