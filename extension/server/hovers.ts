/**
 * What a run said about an await. Trace text is hostile and becomes neither markup nor a link: VS Code makes
 * links of addresses even in a hover of plain text, so it is sent as Markdown in which nothing is left to find.
 */
import type { Hover, Position } from 'vscode-languageserver/node';
import { MarkupKind } from 'vscode-languageserver/node';
import { REASONS } from '../../runtime/trace/format/kinds.ts';
import type { SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import type { MeasuredSite } from './place-sites.ts';
import { placeSites } from './place-sites.ts';
import type { WholeDocument } from './whole-document.ts';

export function hoversAt(
  document: WholeDocument,
  measured: readonly MeasuredSite[],
  position: Position,
): Hover | null {
  const sites = placeSites(document, measured).get(position.line);
  if (!sites) return null;
  // The await under the cursor: the last that begins at or before it.
  const at = sites.findLast(({ site }) => site.column - 1 <= position.character);
  if (!at) return null;
  const words = waitsWords(at);
  return words === '' ? null : { contents: { kind: MarkupKind.Markdown, value: inert(words) } };
}

/** Every character that could mean something, as an entity; a line a line. */
function inert(words: string): string {
  const line = (text: string): string => text.replace(/[^\p{L}\p{N} ]/gu, (it) => `&#${it.codePointAt(0)};`);
  return words.split('\n').map(line).join('  \n');
}

export function waitsWords({ site, waits, longest }: MeasuredSite): string {
  const lines: string[] = [];
  const what = site.text === '' ? 'this await' : `await ${site.text}`;
  if (waits.count === 1) lines.push(`Simul: ${what} waited once, ${duration(waits.worstNs)}.`);
  else if (waits.count > 1) {
    lines.push(
      `Simul: ${what} waited ${waits.count} times, ${duration(waits.totalNs)} in all (median ${duration(waits.medianNs)}, worst ${duration(waits.worstNs)}).`,
    );
  }
  const open = openWords(waits);
  if (open !== '') lines.push(`${lines.length === 0 ? 'Simul: ' : ''}${open}`);
  if (waits.count > 0) {
    const worst = longest().join(' ');
    if (waits.count > 1 || worst === '') lines.push(reasonsWords(waits), wakersWords(waits));
    if (worst !== '') lines.push(waits.count === 1 ? worst : `The longest: ${worst}`);
  }
  return lines.filter((line) => line !== '').join('\n');
}

function openWords({ waitingNow, leftWaiting }: SiteWaits): string {
  const tasks = (n: number): string => (n === 1 ? '1 task' : `${n} tasks`);
  const now = waitingNow === 0 ? '' : `${tasks(waitingNow)} ${waitingNow === 1 ? 'waits' : 'wait'} here now.`;
  const left =
    leftWaiting === 0
      ? ''
      : `${tasks(leftWaiting)} ${leftWaiting === 1 ? 'was' : 'were'} still waiting here at the end.`;
  return [now, left].filter((words) => words !== '').join(' ');
}

function reasonsWords({ reasons, count }: SiteWaits): string {
  const known = [...reasons].filter(([reason]) => (REASONS[reason] ?? '') !== '').sort((a, b) => b[1] - a[1]);
  if (known.length === 0) return 'What it waited for was not recorded.';
  const parts = known.map(([reason, times]) => {
    const named = REASONS[reason]!;
    // What the record layout calls a future in every language is a promise in this one.
    const name = named === 'future' ? 'promise' : named.replace('-', ' ');
    return times === count ? name : `${name} (${times}×)`;
  });
  return `Waited for: ${parts.join(', ')}.`;
}

/** Names are few: beyond these the rest is a number. */
const MAX_NAMES = 3;

function wakersWords(waits: SiteWaits): string {
  const named = [...waits.wakers].filter(([name]) => name !== '').sort((a, b) => b[1] - a[1]);
  const unnamed = waits.wakers.get('') ?? 0;
  const most = named[0];
  if (!most) return 'No waker was recorded.';
  const rest = unnamed === 0 ? '' : `; no waker recorded for ${unnamed}`;
  const [name, times] = most;
  if (times === waits.count) return `Ended by ${name}.`;
  // "Most" is more than half: otherwise those that ended it oftenest are told one by one.
  if (times * 2 > waits.count) return `Ended most by ${name} (${times} of ${waits.count}${rest}).`;
  const told = named.slice(0, MAX_NAMES);
  const others = waits.count - unnamed - told.reduce((sum, [, n]) => sum + n, 0);
  const parts = told.map(([by, n]) => `${by} (${n}×)`);
  if (others > 0) parts.push(`others (${others}×)`);
  return `Ended by ${parts.join(', ')}${rest}.`;
}
