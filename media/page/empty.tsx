/** What the panel shows before anything was traced: what it is, and how to begin. */
import type { PanelCommand } from '../../runtime/trace/messages/panel.ts';
import { sendToHost } from './host.ts';
import { Icon, type IconName } from './icon.tsx';
import { phase } from './state.ts';

const BUTTONS: readonly (readonly [PanelCommand, IconName, string])[] = [
  ['traceCurrentFile', 'debugStart', 'Trace Current File'],
  ['tryIt', 'beaker', 'Try It'],
  ['openTrace', 'folder', 'Open Trace…'],
];

export function Empty() {
  if (phase.value !== 'empty') return null;
  return (
    <main class="empty">
      <h1>Who ran when, who waited for whom, and why?</h1>
      <p class="muted">
        Simul runs your program and draws every task: when it ran, when it waited, what for, and who woke it.
      </p>
      <div class="buttons">
        {BUTTONS.map(([command, icon, label], i) => (
          <button
            key={command}
            type="button"
            class={i === 0 ? 'button primary' : 'button'}
            onClick={() => sendToHost({ type: 'command', command })}
          >
            <Icon name={icon} /> {label}
          </button>
        ))}
      </div>
    </main>
  );
}
