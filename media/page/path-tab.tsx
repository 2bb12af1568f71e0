/**
 * The *Path* tab: the critical path of the run, or of what is selected, cut to what is in view:
 * where its time went, and its pieces one after another. Each leads to its place in the picture.
 */
import { grouped } from '../../runtime/trace/format/grouped.ts';
import { LinkRow } from './link-row.tsx';
import { sendAction, sendToWorker } from './panel-link.ts';
import { SentenceView } from './sentence-view.tsx';
import { path, status } from './state.ts';
import { TimeTable } from './time-table.tsx';

export function PathTab() {
  const view = path.value;
  if (!view) return null;
  const shown = status.value?.showsPath ?? false;
  return (
    <div class="prose">
      <p>
        <SentenceView sentence={view.words} />{' '}
        <button type="button" class="link" aria-pressed={shown} onClick={() => sendAction('togglePath')}>
          {shown ? 'Hide it in the picture (C)' : 'Draw it in the picture (C)'}
        </button>
      </p>
      <TimeTable title={`Where the time of ${view.of} went`} rows={view.where} />
      <ol class="findings pieces" aria-label="Pieces of the path">
        {view.pieces.map(({ at, time, kind, words, place }, i) => (
          <li key={i}>
            <LinkRow
              onOpen={place.task < 0 ? null : () => sendToWorker({ type: 'showSpan', place })}
              sign={
                <span class="piece">
                  <i class={`swatch ${kind === 'run' || kind === 'ready' ? kind : 'idle'}`} /> {at}
                </span>
              }
              title="Show this piece"
            >
              <span class="piece-time">{time}</span> <SentenceView sentence={words} />
            </LinkRow>
          </li>
        ))}
      </ol>
      {view.morePieces > 0 && <p class="muted">and {grouped(view.morePieces)} more pieces in view.</p>}
    </div>
  );
}
