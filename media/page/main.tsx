/** The panel's page: the layout from top to bottom, and the start. */
import { render } from 'preact';
import { Answer } from './answer.tsx';
import { Details } from './details.tsx';
import { Empty } from './empty.tsx';
import { Help } from './help.tsx';
import { sendToHost } from './host.ts';
import { startPanel } from './panel-link.ts';
import { Minimap } from './minimap.tsx';
import { Rows, Ruler } from './picture.tsx';
import { phase } from './state.ts';
import { Toolbar } from './toolbar.tsx';

function Panel() {
  // Canvases are handed over to the worker once: they exist from the start, whatever is shown.
  return (
    <>
      <Empty />
      <div {...(phase.value === 'empty' ? { class: 'panel hidden' } : { class: 'panel', role: 'main' })}>
        {phase.value !== 'empty' && (
          <>
            <h1 class="visually-hidden">Simul: who ran when, and who waited for whom</h1>
            <Toolbar />
            <Answer />
          </>
        )}
        <Minimap />
        <Ruler />
        <Rows />
        <Details />
        <Help />
      </div>
    </>
  );
}

startPanel();
render(<Panel />, document.getElementById('root') ?? document.body);
sendToHost({ type: 'ready' });
