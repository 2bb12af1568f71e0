/** The tabs below: why, what, and everything as a table. */
import { useEffect } from 'preact/hooks';
import { keep, toHost } from './host.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { drag } from './picture.tsx';
import { detailsPx, endWords, selection, status, summary, tab } from './state.ts';
import { Table } from './table.tsx';
import { askTable } from './panel-link.ts';
import { Words } from './words.tsx';

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

function Copy() {
  const copy = () => {
    const it = selection.value;
    const text = it
      ? [...it.why.map(plain), ...it.details.map((line) => `${line.label}: ${plain(line.value)}`)].join('\n')
      : plain(summary.value);
    toHost({ type: 'copy', text });
  };
  return (
    <button type="button" class="link copy" onClick={copy}>
      Copy
    </button>
  );
}

function Why() {
  const it = selection.value;
  if (!it) {
    return (
      <div class="prose">
        <p>
          {endWords.value} <Words of={summary.value} />
        </p>
        <p class="muted">
          {status.value && status.value.events > 0
            ? 'Click a span to see what it is, what it waited for, and who woke it. Press ? for the keys.'
            : ''}
        </p>
      </div>
    );
  }
  const shown = it.details.filter((line) =>
    ['Waits at', 'Goes on at', 'Woken by', 'Started by', 'Begins at'].includes(line.label),
  );
  return (
    <div class="prose">
      {it.why.map((sentence, i) => (
        <p key={i}>
          <Words of={sentence} />
        </p>
      ))}
      <dl>
        {shown.map((line) => (
          <div key={line.label}>
            <dt>{line.label}</dt>
            <dd>
              <Words of={line.value} />
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
            <Words of={line.value} />
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
