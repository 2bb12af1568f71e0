/** Findings as lines that lead to what proves them. */
import type { FindingView } from '../messages.ts';
import { LinkRow } from './link-row.tsx';
import { sendToWorker } from './panel-link.ts';
import { SentenceView } from './sentence-view.tsx';

/** A severity is never shown by colour alone: it has a sign and a word. */
const SIGNS = { error: '✕ error', warning: '⚠ warning', info: 'ℹ note' } as const;

export function Findings({ findings }: { readonly findings: readonly FindingView[] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="findings" aria-label="Findings">
      {findings.map((finding, i) => (
        <li key={`${finding.rule}/${finding.place.task}/${i}`}>
          <FindingLine finding={finding} />
        </li>
      ))}
    </ul>
  );
}

export const SeveritySign = ({ severity }: Pick<FindingView, 'severity'>) => (
  <span class={`severity ${severity}`}>{SIGNS[severity]}</span>
);

export function FindingLine({ finding }: { readonly finding: FindingView }) {
  const { severity, words } = finding;
  const sign = <SeveritySign severity={severity} />;
  return (
    <LinkRow onOpen={openerOf(finding)} sign={sign} title="Show what proves this (E)">
      <SentenceView sentence={words} />
    </LinkRow>
  );
}

/** Shows the span, or else the line of the source; null: the finding names neither. */
function openerOf({ place, site }: FindingView): (() => void) | null {
  if (place.task >= 0) return () => sendToWorker({ type: 'showSpan', place });
  if (site >= 0) return () => sendToWorker({ type: 'followLink', target: { site } });
  return null;
}
