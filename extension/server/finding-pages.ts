/**
 * The page of each kind of finding: what it means, an example, and when it is wrong. It ships with
 * the extension, so that the link in the list of problems works without a network.
 */
import { existsSync } from 'node:fs';

/** Seen from dist/agent/, by which the server's bundle finds files, and from the compiled tree. */
const FOLDERS = ['../../extension/findings/', '../../../extension/findings/'];

const known = new Map<string, string | null>();

/** The URI of the rule's page; null: there is none. */
export function pageOf(rule: string): string | null {
  let page = known.get(rule);
  if (page !== undefined) return page;
  const urls = FOLDERS.map((folder) => new URL(`${folder}${rule}.md`, import.meta.url));
  page = urls.find((url) => existsSync(url))?.href ?? null;
  known.set(rule, page);
  return page;
}
