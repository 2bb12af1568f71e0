/** The tabs below: why, what, and everything as a table. */
import { useEffect } from 'preact/hooks';
import type { SelectionView } from '../messages.ts';
import { Findings, LinkRow, showPlace } from './findings.tsx';
import { keep, toHost } from './host.ts';
import { count } from '../../runtime/trace/words/duration.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { drag } from './picture.tsx';
import { detailsPx, endWords, overview, phase, selection, status, summary, tab } from './state.ts';
import { Table } from './table.tsx';
import { askTable } from './panel-link.ts';
import { SentenceView } from './sentence-view.tsx';

const TABS = [
  ['why', 'Why'],
  ['span', 'Span'],
  ['table', 'Table'],
] as const;

export function Details() {
  const chosen = tab.value;
  useEffect(() => {
    if (chosen === 'table') askTable();
  }, [chosen]);
  return (
    <section class="details" style={{ height: `${detailsPx.value}px` }}>
      <Sash />
      <div class="tabs" role="tablist" aria-label="Details">
        {TABS.map(([key, label]) => (
          <button
            key={key}
            type="button"
            role="tab"
            aria-selected={chosen === key}
            class={chosen === key ? 'tab chosen' : 'tab'}
            onClick={() => (tab.value = key)}
          >
            {label}
          </button>
        ))}
        <span class="gap" />
        {chosen !== 'table' && <Copy />}
      </div>
      <div class="tab-body" role="tabpanel">
        {chosen === 'why' && <Why />}
        {chosen === 'span' && <SpanTab />}
        {chosen === 'table' && <Table />}
      </div>
    </section>
  );
}

/** What the tab shows, strip included: a copy stands alone. */
function copied(): string {
  const it = selection.value;
  const { findings, waits, explained } = overview.value;
  const found = (it ? it.findings : findings).map(({ severity, words }) => `${severity}: ${plain(words)}`);
  const lines = it
    ? [...it.why.map(plain), ...it.details.map((line) => `${line.label}: ${plain(line.value)}`), ...found]
    : [plain(summary.value), ...found, ...waits.map(({ words }) => plain(words)), plain(explained)];
  return [endWords.value, ...lines].filter((line) => line !== '').join('\n');
}

function Copy() {
  return (
    <button type="button" class="link copy" onClick={() => toHost({ type: 'copy', text: copied() })}>
      Copy
    </button>
  );
}

function Why() {
  return selection.value ? <WhySelection it={selection.value} /> : <WhyWhole />;
}

/** What the strip has no room for: all findings, and where the time went. */
function WhyWhole() {
  const { findings, more, waits, explained } = overview.value;
  if (!status.value || status.value.events === 0) return null;
  return (
    <div class="prose">
      <h3>Findings</h3>
      {findings.length === 0 && <p class="muted">{phase.value === 'live' ? 'None so far.' : 'None.'}</p>}
      <Findings of={findings} />
      {more > 0 && <p class="muted">{count(more, 'more finding')}.</p>}
      {waits.length > 0 && (
        <>
          <h3>Longest waits</h3>
          <ol class="findings" aria-label="Longest waits">
            {waits.map(({ words, place }, i) => (
              <li key={i}>
                <LinkRow to={() => showPlace(place)} sign={`${i + 1}.`} title="Show this wait">
                  <SentenceView of={words} />
                </LinkRow>
              </li>
            ))}
          </ol>
        </>
      )}
      {explained.length > 0 && (
        <p>
          <SentenceView of={explained} />
        </p>
      )}
      <p class="muted">
        Click a span to see what it is, what it waited for, and who woke it. Press ? for the keys.
      </p>
    </div>
  );
}

/** What is selected speaks first, with the sentence of the strip, so that it can be read through; then what was found. */
function WhySelection({ it }: { readonly it: SelectionView }) {
  const shown = it.details.filter((line) =>
    ['Waits at', 'Goes on at', 'Woken by', 'Started by', 'Begins at'].includes(line.label),
  );
  return (
    <div class="prose">
      {it.why.map((sentence, i) => (
        <p key={i}>
          <SentenceView of={sentence} />
        </p>
      ))}
      <Findings of={it.findings} />
      <dl>
        {shown.map((line) => (
          <div key={line.label}>
            <dt>{line.label}</dt>
            <dd>
              <SentenceView of={line.value} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function SpanTab() {
  const it = selection.value;
  if (!it) return <p class="muted prose">Nothing is selected.</p>;
  return (
    <dl class="prose">
      {it.details.map((line) => (
        <div key={line.label}>
          <dt>{line.label}</dt>
          <dd>
            <SentenceView of={line.value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Sash() {
  const set = (px: number) => {
    detailsPx.value = Math.round(Math.min(Math.max(px, 64), window.innerHeight * 0.6));
    keep({ detailsPx: detailsPx.value });
  };
  return (
    <div
      class="sash"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the details"
      aria-valuenow={detailsPx.value}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'ArrowUp') set(detailsPx.value + 16);
        if (event.key === 'ArrowDown') set(detailsPx.value - 16);
      }}
      onPointerDown={(event) => {
        const from = detailsPx.value;
        const startPx = event.clientY;
        drag(
          event,
          (move) => set(from - move.clientY + startPx),
          () => undefined,
        );
      }}
    />
  );
}
