/**
 * The hover on an await: what the last run said about it. Trace text is hostile and must become
 * neither markup nor a link. VS Code finds links even in a hover of plain text, so the text is sent
 * as Markdown with every special character as an entity.
 */
import type { Hover, Position } from 'vscode-languageserver/node';
import { MarkupKind } from 'vscode-languageserver/node';
import { LANGUAGE, REASONS } from '../../runtime/trace/format/kinds.ts';
import type { SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import { printable } from '../../runtime/trace/format/printable.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import type { MeasuredSite } from './place-sites.ts';
import { placeSites } from './place-sites.ts';
import type { WholeDocument } from './whole-document.ts';

export function hoverAt(
  document: WholeDocument,
  measured: readonly MeasuredSite[],
  position: Position,
): Hover | null {
  const sites = placeSites(document, measured).get(position.line);
  if (!sites) return null;
  // The await under the cursor is the last one that begins at or before it.
  const hovered = sites.findLast(({ site }) => site.column - 1 <= position.character);
  if (!hovered) return null;
  const words = describeWaits(hovered);
  return words === '' ? null : { contents: { kind: MarkupKind.Markdown, value: escapeMarkdown(words) } };
}

/** Every character that is no letter, digit or space becomes an entity. Lines stay lines. */
function escapeMarkdown(words: string): string {
  const escapeLine = (text: string): string =>
    printable(text).replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
  return words.split('\n').map(escapeLine).join('  \n');
}

/** The cause first, then what waited here. */
export function describeWaits(measured: MeasuredSite): string {
  const causes = measured.findings?.() ?? [];
  const waits = describeWaitsAlone(measured);
  return [...causes, ...(waits === '' ? [] : [waits])].join('\n');
}

function describeWaitsAlone({ site, waits, longest, language }: MeasuredSite): string {
  const lines: string[] = [];
  const awaited = site.text === '' ? 'this await' : `await ${site.text}`;
  if (waits.count === 1) lines.push(`Simul: ${awaited} waited once, ${duration(waits.worstNs)}.`);
  else if (waits.count > 1) {
    lines.push(
      `Simul: ${awaited} waited ${waits.count} times, ${duration(waits.totalNs)} in all (median ${duration(waits.medianNs)}, worst ${duration(waits.worstNs)}).`,
    );
  }
  const open = describeOpenWaits(waits);
  if (open !== '') lines.push(`${lines.length === 0 ? 'Simul: ' : ''}${open}`);
  if (waits.count > 0) {
    const worst = longest().join(' ');
    if (waits.count > 1 || worst === '') lines.push(describeReasons(waits, language), describeWakers(waits));
    if (worst !== '') lines.push(waits.count === 1 ? worst : `The longest: ${worst}`);
  }
  return lines.filter((line) => line !== '').join('\n');
}

function describeOpenWaits({ waitingNow, leftWaiting }: SiteWaits): string {
  const tasks = (n: number): string => (n === 1 ? '1 task' : `${n} tasks`);
  const now = waitingNow === 0 ? '' : `${tasks(waitingNow)} ${waitingNow === 1 ? 'waits' : 'wait'} here now.`;
  const left =
    leftWaiting === 0
      ? ''
      : `${tasks(leftWaiting)} ${leftWaiting === 1 ? 'was' : 'were'} still waiting here at the end.`;
  return [now, left].filter((words) => words !== '').join(' ');
}

function describeReasons({ reasons, count }: SiteWaits, language: number | undefined): string {
  const known = [...reasons].filter(([reason]) => (REASONS[reason] ?? '') !== '').sort((a, b) => b[1] - a[1]);
  if (known.length === 0) return 'What it waited for was not recorded.';
  const parts = known.map(([reason, times]) => {
    const named = REASONS[reason]!;
    // The record layout says future, as Python does; in JavaScript it is a promise.
    const isPromise = named === 'future' && language !== LANGUAGE.python;
    const name = isPromise ? 'promise' : named.replace('-', ' ');
    return times === count ? name : `${name} (${times}×)`;
  });
  return `Waited for: ${parts.join(', ')}.`;
}

/** Wakers that are named; the others are counted. */
const MAX_NAMED_WAKERS = 3;

function describeWakers(waits: SiteWaits): string {
  const named = [...waits.wakers].filter(([name]) => name !== '').sort((a, b) => b[1] - a[1]);
  const unnamed = waits.wakers.get('') ?? 0;
  const most = named[0];
  if (!most) return 'No waker was recorded.';
  const rest = unnamed === 0 ? '' : `; no waker recorded for ${unnamed}`;
  const [name, times] = most;
  if (times === waits.count) return `Ended by ${name}.`;
  // "Most" is more than half. Otherwise the wakers that ended it oftenest are listed.
  if (times * 2 > waits.count) return `Ended most by ${name} (${times} of ${waits.count}${rest}).`;
  const listed = named.slice(0, MAX_NAMED_WAKERS);
  const others = waits.count - unnamed - listed.reduce((sum, [, n]) => sum + n, 0);
  const parts = listed.map(([by, n]) => `${by} (${n}×)`);
  if (others > 0) parts.push(`others (${others}×)`);
  return `Ended by ${parts.join(', ')}${rest}.`;
}
