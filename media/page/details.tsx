/**
 * The details below the picture, in tabs: more about the selection, or about the whole trace. Only
 * the row of tabs is there at first: the picture has the room until a tab is chosen.
 */
import { effect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { CopyButton } from './copy-button.tsx';
import { drag } from './drag.ts';
import { GraphTab } from './graph-tab.tsx';
import { saveState } from './host.ts';
import { PathTab } from './path-tab.tsx';
import { useRoving } from './roving.ts';
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
  { id: 'path', title: 'Path', Body: PathTab, hasCopyButton: false },
  { id: 'graph', title: 'Graph', Body: GraphTab, hasCopyButton: false },
  { id: 'table', title: 'Table', Body: TableTab, hasCopyButton: false },
];

const MIN_HEIGHT_PX = 96;
const MAX_HEIGHT_SHARE = 0.6;
const KEY_STEP_PX = 16;

effect(() => saveState({ openTab: openTab.value }));

export function Details() {
  const tabs = useRoving<HTMLDivElement>('[role=tab]');
  const open = TABS.find(({ id }) => id === openTab.value);
  return (
    <section
      class={open ? 'details' : 'details closed'}
      style={open ? { height: `${detailsPx.value}px` } : {}}
      onKeyDown={(event) => {
        if (event.key === 'Escape') openTab.value = '';
      }}
    >
      {open && <Sash />}
      <div class="tabs">
        <div ref={tabs} class="tab-list" role="tablist" aria-label="Details">
          {TABS.map(({ id, title }) => (
            <button
              key={id}
              id={`tab-${id}`}
              type="button"
              role="tab"
              aria-selected={id === open?.id}
              aria-controls={id === open?.id ? 'details' : undefined}
              class={id === open?.id ? 'tab open' : 'tab'}
              title={id === open?.id ? `Close ${title}` : title}
              onFocus={() => {
                // Arrow keys show the tab that they reach, once there is an open one.
                if (openTab.peek() !== '') openTab.value = id;
              }}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => (openTab.value = openTab.value === id ? '' : id)}
            >
              {title}
            </button>
          ))}
        </div>
        <span class="gap" />
        {open?.hasCopyButton && <CopyButton />}
      </div>
      {open && (
        <div id="details" class="tab-body" role="tabpanel" aria-labelledby={`tab-${open.id}`} tabIndex={0}>
          <open.Body />
        </div>
      )}
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
