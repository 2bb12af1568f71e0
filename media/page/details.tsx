/** The details below the picture, in tabs: more about the selection, or about the whole trace. */
import type { ComponentType } from 'preact';
import { CopyButton } from './copy-button.tsx';
import { drag } from './drag.ts';
import { saveState } from './host.ts';
import { SpanTab } from './span-tab.tsx';
import { detailsPx, openTab } from './state.ts';
import { TableTab } from './table-tab.tsx';
import { WhyTab } from './why-tab.tsx';

interface Tab {
  /** The value of `openTab` while the tab is open. */
  readonly id: string;
  readonly title: string;
  readonly Body: ComponentType;
  /** Whether the button is offered that copies what is said of the selection. */
  readonly hasCopyButton: boolean;
}

/** A new tab is a row here and a component. */
const TABS: readonly Tab[] = [
  { id: 'why', title: 'Why', Body: WhyTab, hasCopyButton: true },
  { id: 'span', title: 'Span', Body: SpanTab, hasCopyButton: true },
  { id: 'table', title: 'Table', Body: TableTab, hasCopyButton: false },
];

const MIN_HEIGHT_PX = 64;
const MAX_HEIGHT_SHARE = 0.6;
const KEY_STEP_PX = 16;

export function Details() {
  const open = TABS.find(({ id }) => id === openTab.value) ?? TABS[0]!;
  return (
    <section class="details" style={{ height: `${detailsPx.value}px` }}>
      <Sash />
      <div class="tabs" role="tablist" aria-label="Details">
        {TABS.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === open.id}
            class={id === open.id ? 'tab open' : 'tab'}
            onClick={() => (openTab.value = id)}
          >
            {title}
          </button>
        ))}
        <span class="gap" />
        {open.hasCopyButton && <CopyButton />}
      </div>
      <div class="tab-body" role="tabpanel">
        <open.Body />
      </div>
    </section>
  );
}

/** The upper edge, which changes the height; arrow keys move it, too. */
function Sash() {
  const setHeight = (px: number) => {
    const maxPx = window.innerHeight * MAX_HEIGHT_SHARE;
    detailsPx.value = Math.round(Math.min(Math.max(px, MIN_HEIGHT_PX), maxPx));
    saveState({ detailsPx: detailsPx.value });
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
        if (event.key === 'ArrowUp') setHeight(detailsPx.value + KEY_STEP_PX);
        if (event.key === 'ArrowDown') setHeight(detailsPx.value - KEY_STEP_PX);
      }}
      onPointerDown={(event) => {
        const startPx = detailsPx.value;
        const startY = event.clientY;
        drag(event, { move: ({ clientY }) => setHeight(startPx - clientY + startY) });
      }}
    />
  );
}
