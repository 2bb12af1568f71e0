/**
 * Mode, name, figures, and buttons for what is done most. Each button has a key, too. Buttons that
 * do not fit go into a menu: a cut-off button cannot be pressed.
 */
import { useEffect, useState } from 'preact/hooks';
import type { PanelCommand } from '../../runtime/trace/messages/panel.ts';
import { grouped } from '../../runtime/trace/format/grouped.ts';
import type { Action, TreeOptions, TreeSort } from '../messages.ts';
import { sendToHost } from './host.ts';
import type { IconName } from './icon.tsx';
import { Menu, type MenuItem } from './menu.tsx';
import { sendAction } from './panel-link.ts';
import { useRoving } from './roving.ts';
import { Search } from './search.tsx';
import * as state from './state.ts';
import { Tool } from './tool.tsx';

/** How each phase is called. */
const MODES = { empty: '', live: 'Live', ended: 'Ended', stopped: 'Stopped', file: 'File' } as const;
/** Width of a button with its gap. */
const TOOL_PX = 26;
const command = (name: PanelCommand) => () => sendToHost({ type: 'command', command: name });
const action = (name: Action) => () => sendAction(name);

interface ToolRow {
  readonly icon: IconName;
  readonly title: string;
  readonly onClick: () => void;
  /** Absent: it is not on or off. */
  readonly isOn?: { readonly value: boolean };
  /** Absent: always. */
  readonly isThere?: { readonly value: boolean };
}

const SORTS: readonly (readonly [TreeSort, string])[] = [
  ['began', 'Sort by begin'],
  ['run', 'Sort by time run'],
  ['wait', 'Sort by time waited'],
];

/** The last ones are the first to go into the menu. */
const TOOLS: readonly ToolRow[] = [
  { icon: 'question', title: 'Legend and keys (?)', onClick: () => (state.helpOpen.value = true) },
  { icon: 'screenFull', title: 'Fit everything (Shift+F)', onClick: action('fitAll') },
  { icon: 'zoomIn', title: 'Zoom in (W)', onClick: action('zoomIn') },
  { icon: 'zoomOut', title: 'Zoom out (S)', onClick: action('zoomOut') },
  {
    icon: 'path',
    title: 'Critical path (C)',
    onClick: action('togglePath'),
    isOn: state.showsPath,
  },
  { icon: 'play', title: 'Play (Space)', onClick: action('togglePlaying'), isOn: state.isPlaying },
  { icon: 'save', title: 'Save the trace', onClick: command('saveTrace') },
  {
    icon: 'add',
    title: 'Add a recording, also of another machine',
    onClick: command('addRecording'),
    isThere: state.canAdd,
  },
  { icon: 'unfold', title: 'Taller rows (})', onClick: action('growRows') },
  { icon: 'fold', title: 'Lower rows ({)', onClick: action('shrinkRows') },
];

export function Toolbar() {
  const bar = useRoving<HTMLDivElement>(
    '.toolbar > .tool, .tools > .tool, .menu-root > .tool, .search input, .search > .tool',
  );
  const phase = state.phase.value;
  return (
    <div ref={bar} class="toolbar" role="toolbar" aria-label="Trace">
      <span class={`mode mode-${phase}`}>{MODES[phase]}</span>
      <span class="name" title={state.name.value}>
        {state.name.value}
      </span>
      {phase === 'live' && <LiveTools />}
      <Figures />
      <Search />
      <RowsMenu />
      <FoldingTools />
    </div>
  );
}

function LiveTools() {
  return (
    <>
      <Tool icon="debugStop" title="Stop the program" onClick={command('stop')} />
      <Tool
        icon="target"
        title="Follow the newest (.)"
        pressed={state.isFollowing.value}
        onClick={action('toggleFollowing')}
      >
        <NewEvents />
      </Tool>
    </>
  );
}

function NewEvents() {
  const status = state.status.value;
  const hasNew = status !== null && !status.following && status.newEvents > 0;
  return <>{hasNew ? `+${grouped(status.newEvents)} new` : ''}</>;
}

/** Lost records are said at every width; the other figures stand in the menu, too. */
function Figures() {
  const status = state.status.value;
  if (!status) return null;
  const isLive = state.phase.value === 'live' && status.eventsPerSecond >= 1;
  return (
    <span class="figures">
      {isLive && <span class="more-room">{grouped(status.eventsPerSecond)}/s</span>}
      <span class="more-room">{grouped(status.events)} events</span>
      {status.lost > 0 && <span class="lost">{grouped(status.lost)} lost</span>}
    </span>
  );
}

/** Which rows there are, and in which order. */
function RowsMenu() {
  const options = state.treeOptions.value;
  const change = (by: Partial<TreeOptions>) => () => (state.treeOptions.value = { ...options, ...by });
  const items: MenuItem[] = [
    ...SORTS.map(([sort, title]) => ({
      title,
      checked: options.sort === sort,
      onClick: change({ sort }),
    })),
    {
      title: 'Group tasks of one name',
      checked: options.groupsNames,
      startsGroup: true,
      onClick: change({ groupsNames: !options.groupsNames }),
    },
    {
      title: 'Only what the search found',
      checked: options.onlyFound,
      onClick: change({ onlyFound: !options.onlyFound }),
    },
    { title: 'Pin the current row (T)', startsGroup: true, onClick: action('togglePin') },
    { title: 'Open all rows', onClick: action('expandAll') },
  ];
  return <Menu icon="filter" title="Rows: sort, group, filter, pin" items={items} />;
}

const eventCount = (): string => `${grouped(state.status.value?.events ?? 0)} events`;

/** The buttons that fit; the others are in the menu behind them. */
function FoldingTools() {
  const [roomPx, setRoomPx] = useState(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const tools = document.querySelector('.tools');
    if (!tools) return;
    const observer = new ResizeObserver(([entry]) => entry && setRoomPx(entry.contentRect.width));
    observer.observe(tools);
    return () => observer.disconnect();
  }, []);
  const tools = TOOLS.filter(({ isThere }) => isThere?.value !== false);
  // The menu's own button has a place kept for it.
  const fitting = Math.max(0, Math.min(tools.length, Math.floor(roomPx / TOOL_PX) - 1));
  const items = tools.slice(fitting).map((tool): MenuItem => {
    const { icon, title, onClick } = tool;
    const checked = tool.isOn?.value;
    return checked === undefined ? { icon, title, onClick } : { icon, title, onClick, checked };
  });
  return (
    <span class="tools">
      {tools.slice(0, fitting).map((tool) => (
        <Tool
          key={tool.icon}
          icon={tool.icon}
          title={tool.title}
          pressed={tool.isOn?.value}
          onClick={tool.onClick}
        />
      ))}
      {items.length > 0 && <Menu icon="ellipsis" title="More" items={items} heading={eventCount} />}
    </span>
  );
}
