/** What the marks and the keys mean, over the panel; Escape closes it. */
import { useEffect, useRef } from 'preact/hooks';
import { KEYS } from './keys.ts';
import { Legend } from './legend.tsx';
import { focusPicture } from './picture.tsx';
import { helpOpen } from './state.ts';

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-label="Legend and keys"
      onClose={() => {
        helpOpen.value = false;
        focusPicture();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) helpOpen.value = false;
      }}
    >
      {/* It scrolls in a low panel: arrow keys need a place to stand. */}
      <div class="help-body" tabIndex={0}>
        <h2>Marks</h2>
        <Legend />
        <h2>Keys</h2>
        <div class="keys">
          {KEYS.map((row) => (
            <div key={row.words}>
              <kbd>{row.label}</kbd> <span>{row.words}</span>
            </div>
          ))}
        </div>
        <p class="muted">
          Drag or Shift+wheel to pan, Ctrl+wheel to zoom, Shift+drag to bring a rectangle into view. A click
          shows the line in the editor, a double click goes there.
        </p>
      </div>
    </dialog>
  );
}
