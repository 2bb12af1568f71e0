/**
 * How a path is shortened for display: to its last name. A trace may come from another system, so
 * both separators count, wherever it is read. Never for opening a file: Node's `path` and VS Code's
 * `Uri` know the rules of the system they run on.
 */
import { printable } from '../format/printable.ts';

/** "orders.ts" of `/app/src/orders.ts` and of `C:\app\src\orders.ts`; "src" of `/app/src/`. */
export function displayPath(path: string): string {
  let end = path.length;
  while (end > 0 && isSeparator(path[end - 1]!)) end--;
  let start = end;
  while (start > 0 && !isSeparator(path[start - 1]!)) start--;
  return printable(path.slice(start, end));
}

/** "orders.ts:12": a place in the source. */
export const displayPlace = ({ file, line }: { readonly file: string; readonly line: number }): string =>
  `${displayPath(file)}:${line}`;

const isSeparator = (character: string): boolean => character === '/' || character === '\\';
