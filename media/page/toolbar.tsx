/** Mode, name, figures, and a button for whatever keys can do. */
import type { PanelCommand } from '../../runtime/trace/messages/panel.ts';
import { toHost } from './host.ts';
import { act } from './panel-link.ts';
import { Search } from './search.tsx';
import * as state from './state.ts';
import { Tool } from './tool.tsx';

const MODES = { empty: '', live: 'Live', ended: 'Ended', stopped: 'Stopped', file: 'File' } as const;
const command = (name: PanelCommand) => () => toHost({ type: 'command', command: name });

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
          pressed={status?.follow ?? false}
          onClick={() => act('follow')}
        >
          {status && !status.follow && status.unseen > 0 ? `+${status.unseen.toLocaleString('en')} new` : ''}
        </Tool>
      )}
      <span class="gap" />
      {status && (
        <span class="figures">
          {phase === 'live' && status.perSecond >= 1 && (
            <span>{Math.round(status.perSecond).toLocaleString('en')}/s</span>
          )}
          <span>{status.events.toLocaleString('en')} events</span>
          {status.lost > 0 && <span class="lost">{status.lost.toLocaleString('en')} lost</span>}
        </span>
      )}
      <Search />
      <Tool icon="fold" title="Lower rows ({)" onClick={() => act('denser')} />
      <Tool icon="unfold" title="Taller rows (})" onClick={() => act('roomier')} />
      <Tool icon="zoomOut" title="Zoom out (S)" onClick={() => act('zoomOut')} />
      <Tool icon="zoomIn" title="Zoom in (W)" onClick={() => act('zoomIn')} />
      <Tool icon="screenFull" title="Fit everything (Shift+F)" onClick={() => act('fitAll')} />
      <Tool icon="save" title="Save the trace" onClick={command('saveTrace')} />
      <Tool icon="question" title="Keys (?)" onClick={() => (state.helpOpen.value = true)} />
    </div>
  );
}
