/** Inlay hints at the end of each line that awaited: how often it waited, and how long. */
import type { InlayHint, Range } from 'vscode-languageserver/node';
import type { SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import type { MeasuredSite } from './place-sites.ts';
import { placeSites } from './place-sites.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import type { WholeDocument } from './whole-document.ts';

export function hintsIn(
  document: WholeDocument,
  measured: readonly MeasuredSite[],
  range: Range,
): InlayHint[] {
  const hints: InlayHint[] = [];
  for (const [line, sites] of placeSites(document, measured)) {
    if (line < range.start.line || line > range.end.line) continue;
    const label = hintLabel(sites);
    if (label === '') continue;
    hints.push({
      position: { line, character: document.lines[line]?.length ?? 0 },
      label,
      paddingLeft: true,
    });
  }
  return hints.sort((a, b) => a.position.line - b.position.line);
}

/** "waited 12× · median 3.1 ms · worst 1.20 s"; the awaits of one line are separated by bars. */
export function hintLabel(sites: readonly MeasuredSite[]): string {
  const labels = sites.map(({ waits }) => waitsLabel(waits)).filter((label) => label !== '');
  return labels.join('  |  ');
}

function waitsLabel(waits: SiteWaits): string {
  const parts: string[] = [];
  if (waits.count === 1) parts.push(`waited ${duration(waits.worstNs)}`);
  else if (waits.count > 1) {
    parts.push(
      `waited ${waits.count}×`,
      `median ${duration(waits.medianNs)}`,
      `worst ${duration(waits.worstNs)}`,
    );
  }
  if (waits.waitingNow > 0) parts.push(`${waits.waitingNow} waiting now`);
  if (waits.leftWaiting > 0) parts.push(`${waits.leftWaiting} still waiting at the end`);
  return parts.join(' · ');
}
