/** Mode, name, figures, and buttons for what is done most. Each button has a key, too. */
import type { PanelCommand } from '../../runtime/trace/messages/panel.ts';
import { sendToHost } from './host.ts';
import { sendAction } from './panel-link.ts';
import { Search } from './search.tsx';
import * as state from './state.ts';
import { Tool } from './tool.tsx';
import { grouped } from '../../runtime/trace/format/grouped.ts';

/** How each phase is called. */
const MODES = { empty: '', live: 'Live', ended: 'Ended', stopped: 'Stopped', file: 'File' } as const;
const command = (name: PanelCommand) => () => sendToHost({ type: 'command', command: name });

export function Toolbar() {
  const phase = state.phase.value;
  const status = state.status.value;
  if (phase === 'empty') return null;
  return (
    <div class="toolbar" role="toolbar" aria-label="Trace">
      <span class={`mode mode-${phase}`}>{MODES[phase]}</span>
      <span class="name" title={state.name.value}>
        {state.name.value}
      </span>
      {phase === 'live' && <Tool icon="debugStop" title="Stop the program" onClick={command('stop')} />}
      {phase === 'live' && (
        <Tool
          icon="target"
          title="Follow the newest (.)"
          pressed={status?.following ?? false}
          onClick={() => sendAction('toggleFollowing')}
        >
          {status && !status.following && status.newEvents > 0 ? `+${grouped(status.newEvents)} new` : ''}
        </Tool>
      )}
      <span class="gap" />
      {status && (
        <span class="figures">
          {phase === 'live' && status.eventsPerSecond >= 1 && (
            <span>{grouped(status.eventsPerSecond)}/s</span>
          )}
          <span>{grouped(status.events)} events</span>
          {status.lost > 0 && <span class="lost">{grouped(status.lost)} lost</span>}
        </span>
      )}
      <Search />
      <Tool icon="fold" title="Lower rows ({)" onClick={() => sendAction('shrinkRows')} />
      <Tool icon="unfold" title="Taller rows (})" onClick={() => sendAction('growRows')} />
      <Tool icon="zoomOut" title="Zoom out (S)" onClick={() => sendAction('zoomOut')} />
      <Tool icon="zoomIn" title="Zoom in (W)" onClick={() => sendAction('zoomIn')} />
      <Tool icon="screenFull" title="Fit everything (Shift+F)" onClick={() => sendAction('fitAll')} />
      <Tool icon="save" title="Save the trace" onClick={command('saveTrace')} />
      <Tool icon="question" title="Keys (?)" onClick={() => (state.helpOpen.value = true)} />
    </div>
  );
}
