/** The tree beside the picture: only the visible rows are elements. They stand where the worker drew their lanes. */
import type { TreeRow } from '../messages.ts';
import { Icon } from './icon.tsx';
import { toWorker } from './panel-link.ts';
import { tree, treePx } from './state.ts';

/** Below this height a row has no text. */
const TEXT_FROM_PX = 12;
const GLYPHS: Readonly<Record<TreeRow['state'], readonly [string, string]>> = {
  run: ['▶', 'running'],
  ready: ['◔', 'ready'],
  wait: ['◦', 'waiting'],
  ok: ['✓', 'finished'],
  error: ['✕', 'failed'],
  cancelled: ['⊘', 'cancelled'],
  unborn: ['', ''],
  none: ['', ''],
};

const LIVING: ReadonlySet<TreeRow['state']> = new Set(['run', 'ready', 'wait']);

export function Tree() {
  const { rows, top } = tree.value;
  return (
    <div class="tree" role="tree" aria-label="Tasks" style={{ width: `${treePx.value}px` }}>
      {rows.map((row) => (
        <TreeLine key={row.key} row={row} top={top} />
      ))}
    </div>
  );
}

function TreeLine({ row, top }: { readonly row: TreeRow; readonly top: number }) {
  const [glyph, now] = GLYPHS[row.state];
  const words = row.over && LIVING.has(row.state) ? `was ${now} at the end` : now;
  const toggle = () => toWorker({ type: 'row', key: row.key, what: 'toggle' });
  const select = () =>
    toWorker({ type: 'row', key: row.key, what: row.kind === 'ended' ? 'toggle' : 'select' });
  const hasBar = row.kind === 'task' || row.kind === 'lane';
  return (
    <div
      role="treeitem"
      aria-level={row.level}
      aria-selected={row.current}
      {...(row.expanded === null ? {} : { 'aria-expanded': row.expanded })}
      class={`tree-row ${row.kind}${row.current ? ' current' : ''}${row.height < TEXT_FROM_PX ? ' bare' : ''}`}
      style={{ top: `${row.y - top}px`, height: `${row.height}px`, paddingLeft: `${4 + row.depth * 10}px` }}
      title={`${row.whole}${row.hint === '' ? '' : ` · ${row.hint}`}${words === '' ? '' : ` · ${words}`}`}
      onClick={select}
    >
      {row.height >= TEXT_FROM_PX && (
        <>
          <span
            class="twistie"
            onClick={(event) => {
              if (row.expanded === null) return;
              event.stopPropagation();
              toggle();
            }}
          >
            {row.expanded !== null && <Icon name={row.expanded ? 'chevronDown' : 'chevronRight'} />}
          </span>
          <span class={`glyph ${row.state}`} aria-label={words}>
            {glyph}
          </span>
          <span class="names">
            <Label name={row.name} />
            <span class="hint">{row.hint}</span>
          </span>
        </>
      )}
      {hasBar && <Bar row={row} />}
    </div>
  );
}

/** What tells it from others of its name is never cut off. */
function Label({ name }: { readonly name: string }) {
  const at = name.search(/#\d+$/);
  return (
    <span class="label">
      <span class="stem">{at < 0 ? name : name.slice(0, at)}</span>
      {at < 0 ? '' : name.slice(at)}
    </span>
  );
}

function Bar({ row }: { readonly row: TreeRow }) {
  const percent = (share: number) => `${Math.round(share * 1000) / 10}%`;
  const words = `runs ${percent(row.run)}, ready ${percent(row.ready)}, waits ${percent(row.blocked + row.idle)} of what is in view`;
  return (
    <span class="bar" title={words} aria-label={words}>
      <i class="run" style={{ width: percent(row.run) }} />
      <i class="ready" style={{ width: percent(row.ready) }} />
      <i class="blocked" style={{ width: percent(row.blocked) }} />
      <i class="idle" style={{ width: percent(row.idle) }} />
    </span>
  );
}
