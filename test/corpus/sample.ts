/** Some programs of the project's own set: one a rule, the same ones each time. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases.ts';

/** What these rules find hangs on how fast the machine is, and what else it does. */
const TIMED: ReadonlySet<string> = new Set([
  ...['blocked-event-loop', 'thread-pool-full', 'one-by-one', 'overlap', 'kept-alive'],
]);

export const isTimed = (rule: string): boolean => TIMED.has(rule);

/**
 * Only programs that need neither packages nor a signal. The seed decides which rules come first,
 * and which program of a rule.
 * @returns each with its mended twin, as far as there is one
 */
export function sampleOf(cases: readonly Case[], seed: number, count: number): Case[] {
  const place = ({ name }: Case): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  const byRule = new Map<string, Case>();
  const inOrder = cases.filter(isSmall).sort((a, b) => (place(a) < place(b) ? -1 : 1));
  for (const each of inOrder) {
    const rule = each.truth?.rule ?? '';
    if (rule !== '' && !TIMED.has(rule) && !byRule.has(rule)) byRule.set(rule, each);
  }
  const twinOf = (bug: Case): Case[] =>
    cases.filter(({ name, truth }) => truth === null && name === bug.name).slice(0, 1);
  return [...byRule.values()].flatMap((bug) => [bug, ...twinOf(bug)]).slice(0, count);
}

function isSmall({ folder, truth }: Case): boolean {
  if (truth?.interruptAfterMs != null) return false;
  const texts = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  return !texts.some((text) => /(?:from |require\()['"](?!node:|\.)/.test(text));
}
