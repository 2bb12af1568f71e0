/** Lines of a text at which `simul-ignore` comments silence rules, as the agent reads them. */
import { ignoredRules } from '../../../runtime/agent/node/instrument/ignored-rules.ts';

export type IgnoredLines = ReadonlyMap<number, ReadonlySet<string>>;

/** By 0-based line. */
export function ignoredLines(text: string, languageId = ''): IgnoredLines {
  const lines = new Map<number, Set<string>>();
  for (const { at, rules } of ignoredRules(text, languageId === 'python' ? '#' : '//')) {
    const line = text.slice(0, at).split('\n').length - 1;
    lines.set(line, new Set([...(lines.get(line) ?? []), ...rules.split(' ')]));
  }
  return lines;
}
