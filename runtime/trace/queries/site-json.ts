/** A site as the JSON of `show` and of all queries has it. */
import type { Trace } from '../model/trace.ts';

export interface SiteJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function around it; '' when that has no name. */
  readonly function: string;
  /** The source of what is awaited, returned or yielded there; '' for a function's beginning. */
  readonly text: string;
}

/** null: the trace does not know it. */
export function siteJson(trace: Trace, index: number): SiteJson | null {
  const site = trace.sites[index];
  if (!site) return null;
  const functionName = site.fn.startsWith('<') ? '' : site.fn;
  return { file: site.file, line: site.line, column: site.column, function: functionName, text: site.text };
}
