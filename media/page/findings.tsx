/** Findings as lines that lead to what proves them: a button for keys, the whole line for the pointer. */
import type { ComponentChildren } from 'preact';
import type { FindingView, Place } from '../messages.ts';
import { toWorker } from './panel-link.ts';
import { SentenceView } from './sentence-view.tsx';

/** Never by colour alone: a sign and the word for it. */
const SIGNS = { error: '✕ error', warning: '⚠ warning', info: 'ℹ note' } as const;

export function Findings({ of }: { readonly of: readonly FindingView[] }) {
  if (of.length === 0) return null;
  return (
    <ul class="findings" aria-label="Findings">
      {of.map((finding, i) => (
        <li key={`${finding.rule}/${finding.place.task}/${i}`}>
          <FindingLine finding={finding} />
        </li>
      ))}
    </ul>
  );
}

export function FindingLine({ finding }: { readonly finding: FindingView }) {
  const { severity, words, place, site } = finding;
  const sign = <span class={`severity ${severity}`}>{SIGNS[severity]}</span>;
  const leads = place.task >= 0 || site >= 0;
  return (
    <LinkRow to={leads ? () => showFinding(finding) : null} sign={sign} title="Show what proves this (E)">
      <SentenceView of={words} />
    </LinkRow>
  );
}

function showFinding({ place, site }: FindingView): void {
  if (place.task >= 0) toWorker({ type: 'show', place });
  else toWorker({ type: 'follow-link', to: { site } });
}

export const showPlace = (place: Place): void => toWorker({ type: 'show', place });

/** A line with a button before its words. The words hold links of their own: what is pressed there is not for the line. */
export function LinkRow(props: {
  readonly to: (() => void) | null;
  readonly sign: ComponentChildren;
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  const { to, sign, title, children } = props;
  if (!to)
    return (
      <div class="leading">
        <span>{sign}</span>
        <span>{children}</span>
      </div>
    );
  return (
    <div
      class="leading leads"
      onClick={(event) => {
        if (!(event.target as Element).closest('button')) to();
      }}
    >
      <button type="button" class="go" title={title} onClick={to}>
        {sign}
      </button>
      <span>{children}</span>
    </div>
  );
}
