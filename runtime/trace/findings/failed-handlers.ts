/** Requests whose handler failed, and nobody handled that: so nobody answered. */
import { FACT } from '../format/kinds.ts';
import { type Fact, REQUEST_RESOURCE_NAME, type Trace } from '../model/trace.ts';

export interface FailedHandler {
  readonly row: number;
  readonly error: string;
  /** Where the error was thrown; −1: not known. */
  readonly site: number;
  /** A router called it. */
  readonly isRouted: boolean;
}

/** Of handlers that call each other. */
const MAX_CLIMB = 8;
/** "request handler get('/orders/:id')" */
const ROUTE = /\((["'`])(\/.*?)\1\)/;

/**
 * The handler that failed for a request without an answer, where only one can be meant.
 * @param fact of a request that was never answered
 */
export function failedHandlerOf(trace: Trace, fact: Fact): FailedHandler | null {
  const path = /^\S+ (\/[^\s?]*)/.exec(fact.text)?.[1] ?? '';
  const byError = new Map<string, FailedHandler>();
  for (const { what, process, task, text, site } of trace.facts) {
    if (what !== FACT.unhandled || process !== fact.process || task < 0) continue;
    const row = trace.rowOf(task);
    if (!isOfRequest(trace, row)) continue;
    const route = ROUTE.exec(trace.nameOf(row))?.[2];
    if (route === undefined ? !isAlone(trace, fact) : !fits(route, path)) continue;
    byError.set(`${trace.tasks.site[row]} ${site}`, {
      row,
      error: text || 'an error',
      site,
      isRouted: route !== undefined,
    });
  }
  const [only] = byError.values();
  return byError.size === 1 ? only! : null;
}

function isOfRequest({ tasks, resources }: Trace, row: number): boolean {
  for (let at = row, i = 0; at >= 0 && i < MAX_CLIMB; at = tasks.parent[at]!, i++)
    if (resources[tasks.resource[at]!]?.name === REQUEST_RESOURCE_NAME) return true;
  return false;
}

/** Requests to other paths have their answers. */
const isAlone = ({ facts }: Trace, { what, process, text }: Fact): boolean =>
  facts.every((fact) => fact.what !== what || fact.process !== process || fact.text === text);

/** "/orders/:id" for "/orders/3" */
function fits(route: string, path: string): boolean {
  const parts = route.split('/');
  const given = path.split('/');
  return parts.length === given.length && parts.every((part, i) => /^[:{*]/.test(part) || part === given[i]);
}
