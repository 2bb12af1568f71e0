/**
 * Text from outside, fit for VS Code's own messages. They draw `[label](command:…)` as a link that
 * runs a command, and `$(name)` as an icon; a file's name or a trace may hold either.
 */
import { printable } from '../../runtime/trace/format/printable.ts';

export const shownText = (text: string): string =>
  printable(text).replaceAll('](', '] (').replaceAll('$(', '$ (');
