/** What `npm run package` says at its end: what was made, and how to install it. */
import { relative } from 'node:path';

/** @param target the platform that it is for; undefined: any */
export function describePackage(
  file: string,
  bytes: number,
  target: string | undefined,
  folder: string = process.cwd(),
): string {
  const path = relative(folder, file);
  const shown = path === '' || path.startsWith('..') ? file : path;
  const word = /^[\w./\\:-]+$/.test(shown) ? shown : `"${shown}"`;
  const mib = (bytes / 1024 / 1024).toFixed(1);
  const whom = target === undefined ? 'any platform' : target;
  return (
    `Made ${shown}, the VS Code extension for ${whom} (${mib} MiB). Install it with ` +
    `\`code --install-extension ${word}\`, or in VS Code by "Extensions: Install from VSIX…".`
  );
}
